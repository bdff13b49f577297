import type { ServerResponse } from 'node:http';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import { ResponseHeaders } from './response-headers.js';

/**
 * A response over node's own. It passes all headers at once, which costs a third of setting them one by one. In a
 * parent Express app they are set one by one nevertheless, since middleware in front may inspect them.
 */
export class NodeResponse implements HttpResponse {
  readonly request: RequestHead;
  statusCode = 200;
  readonly #res: ServerResponse;
  readonly #isMounted: boolean;
  readonly #headers = new ResponseHeaders();

  constructor(request: RequestHead, res: ServerResponse, isMounted = false) {
    this.request = request;
    this.#res = res;
    this.#isMounted = isMounted;
  }

  get headersSent(): boolean {
    return this.#res.headersSent;
  }

  get closed(): boolean {
    return this.#res.closed;
  }

  get writableFinished(): boolean {
    return this.#res.writableFinished;
  }

  get writableEnded(): boolean {
    return this.#res.writableEnded;
  }

  get writableNeedDrain(): boolean {
    return this.#res.writableNeedDrain;
  }

  setHeader(name: string, value: string | number): void {
    this.#headers.set(name, value);
  }

  getHeader(name: string): string | number | undefined {
    return this.#headers.get(name);
  }

  removeHeader(name: string): void {
    this.#headers.remove(name);
  }

  once(event: 'close' | 'drain', listener: () => void): void {
    this.#res.once(event, listener);
  }

  off(event: 'close' | 'drain', listener: () => void): void {
    this.#res.off(event, listener);
  }

  write(text: string): boolean {
    this.#begin();
    return this.#res.write(text);
  }

  end(body?: string): void {
    this.#begin();
    this.#res.end(body);
  }

  destroy(): void {
    this.#res.destroy();
  }

  #begin(): void {
    if (this.#res.headersSent) return;
    const { list } = this.#headers;
    if (this.#isMounted) {
      this.#res.statusCode = this.statusCode;
      for (let at = 0; at < list.length; at += 2)
        this.#res.setHeader(String(list[at]), list[at + 1] as string);
    } else this.#res.writeHead(this.statusCode, list as string[]);
  }
}
