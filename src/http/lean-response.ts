import { type IncomingMessage, ServerResponse } from 'node:http';

type HeaderValue = number | string | readonly string[];

/**
 * A response that keeps its headers as the flat list which node writes without looking at it again: node's own store of
 * them costs a poll more than reading its task. It is for the road ahead of Express, and does what is done to a response
 * there: set a header, read one, end. Express puts its own methods over these, and then all is as ever.
 */
export class LeanResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  readonly #headers: (string | number)[] = [];

  override setHeader(name: string, value: HeaderValue): this {
    const text = typeof value === 'object' ? value.join(', ') : value;
    const at = this.#indexOf(name);
    if (at === -1) this.#headers.push(name, text);
    else this.#headers[at + 1] = text;
    return this;
  }

  override getHeader(name: string): number | string | undefined {
    const at = this.#indexOf(name);
    return at === -1 ? undefined : this.#headers[at + 1];
  }

  override hasHeader(name: string): boolean {
    return this.#indexOf(name) !== -1;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the many ways to call node's own
  override end(...args: any[]): this {
    if (!this.headersSent) this.writeHead(this.statusCode, this.#headers as string[]);
    return super.end(...args);
  }

  /** Where the name stands; -1 when nowhere. Our names are always spelled the same. */
  #indexOf(name: string): number {
    for (let at = 0; at < this.#headers.length; at += 2) if (this.#headers[at] === name) return at;
    return -1;
  }
}
