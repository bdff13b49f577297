import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import { ResponseHeaders } from './response-headers.js';

let second = Number.NaN;
let dateText = '';

/** The current time for the `Date` header; formatted once a second. */
function httpDate(): string {
  const now = Date.now();
  const current = Math.floor(now / 1000);
  if (current !== second) {
    second = current;
    dateText = new Date(now).toUTCString();
  }
  return dateText;
}

/** Statuses without a body or its headers. */
const hasNoBody = (status: number): boolean => status === 204 || status === 304;

/**
 * A response written as text on a socket, whole or in chunks. Identical to node's own, which checks, stores and joins
 * headers, at more than the cost of all the rest of a frequent reply. Header values are written as they are, so they
 * must be visible ASCII.
 */
export class RawResponse implements HttpResponse {
  readonly request: RequestHead;
  statusCode = 200;
  /** Whether the connection stays open after this reply. */
  shouldKeepAlive = true;
  headersSent = false;
  closed = false;
  writableEnded = false;
  writableFinished = false;
  readonly #socket: Socket;
  readonly #keepAlive: string;
  readonly #headers = new ResponseHeaders();
  readonly #closeListeners = new Set<() => void>();

  /** `keepAlive` has the header lines of a reply after which the connection stays open. */
  constructor(request: RequestHead, socket: Socket, keepAlive: string) {
    this.request = request;
    this.#socket = socket;
    this.#keepAlive = keepAlive;
  }

  get writableNeedDrain(): boolean {
    return this.#socket.writableNeedDrain;
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
    if (event === 'close') this.#closeListeners.add(listener);
    else this.#socket.once('drain', listener);
  }

  off(event: 'close' | 'drain', listener: () => void): void {
    if (event === 'close') this.#closeListeners.delete(listener);
    else this.#socket.off('drain', listener);
  }

  write(text: string): boolean {
    if (this.writableEnded || this.closed) return false;
    const head = this.headersSent ? '' : this.#head('Transfer-Encoding: chunked\r\n');
    this.headersSent = true;
    return this.#socket.write(`${head}${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  }

  /** Sends the rest; the reply is finished once the operating system has it. */
  end(body = ''): void {
    if (this.writableEnded || this.closed) return;
    const isChunked = this.headersSent;
    if (isChunked && body !== '') this.write(body);
    this.writableEnded = true;
    this.headersSent = true;
    const text = isChunked ? '0\r\n\r\n' : this.#head(this.#lengthOf(body)) + body;
    // As many bytes as characters: pure ASCII, which needs no encoding.
    const isAscii = body === '' || this.getHeader('Content-Length') === body.length;
    this.#socket.write(text, isAscii ? 'latin1' : 'utf8', (error) => this.close(!error));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Ends the response: nothing more will be sent. */
  close(isFinished: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.writableFinished = isFinished;
    for (const listener of [...this.#closeListeners]) listener();
  }

  #lengthOf(body: string): string {
    const isSaid = this.getHeader('Content-Length') !== undefined || hasNoBody(this.statusCode);
    return isSaid ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  }

  /** `framing` has the header that delimits the body, if none is set. */
  #head(framing: string): string {
    const { list } = this.#headers;
    let head = `HTTP/1.1 ${this.statusCode} ${STATUS_CODES[this.statusCode]}\r\n`;
    for (let at = 0; at < list.length; at += 2) head += `${list[at]}: ${list[at + 1]}\r\n`;
    const connection = this.shouldKeepAlive ? this.#keepAlive : 'Connection: close\r\n';
    return `${head}Date: ${httpDate()}\r\n${connection}${framing}\r\n`;
  }
}
