import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse } from '../auth/exchange.js';

/**
 * A response that goes out as one piece of text. It writes what node's own would, to the letter, but for a server's
 * most frequent answer that one costs more than all the rest: it checks, stores and joins headers that are our own, and
 * sends them apart from the body. What a header is set to here is written as it is, so it must be visible ASCII.
 */
export class RawResponse implements HttpResponse {
  statusCode = 200;
  /** Whether the connection stays after this answer. */
  shouldKeepAlive = true;
  headersSent = false;
  closed = false;
  writableFinished = false;
  readonly #socket: Socket;
  readonly #keepAlive: string;
  readonly #headers: (string | number)[] = [];
  readonly #closeListeners: (() => void)[] = [];

  /** `keepAlive` is the header lines of an answer after which the connection stays. */
  constructor(socket: Socket, keepAlive: string) {
    this.#socket = socket;
    this.#keepAlive = keepAlive;
  }

  setHeader(name: string, value: string | number): void {
    const at = this.#indexOf(name);
    if (at === -1) this.#headers.push(name, value);
    else this.#headers[at + 1] = value;
  }

  getHeader(name: string): string | number | undefined {
    const at = this.#indexOf(name);
    return at === -1 ? undefined : this.#headers[at + 1];
  }

  removeHeader(name: string): void {
    const at = this.#indexOf(name);
    if (at !== -1) this.#headers.splice(at, 2);
  }

  once(_event: 'close', listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  off(_event: 'close', listener: () => void): void {
    const at = this.#closeListeners.indexOf(listener);
    if (at !== -1) this.#closeListeners.splice(at, 1);
  }

  /** Sends all of it; `written` is called by the socket once the operating system has it. */
  end(body = ''): void {
    if (this.headersSent || this.closed) return;
    this.headersSent = true;
    // As many bytes as characters: then all of it is ASCII, and goes out without being encoded.
    const encoding = this.getHeader('Content-Length') === body.length || body === '' ? 'latin1' : 'utf8';
    this.#socket.write(this.#head() + body, encoding, (error) => this.close(!error));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Says that nothing more will be sent. */
  close(finished: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.writableFinished = finished;
    for (const listener of [...this.#closeListeners]) listener();
  }

  #head(): string {
    let head = `HTTP/1.1 ${this.statusCode} ${STATUS_CODES[this.statusCode]}\r\n`;
    for (let at = 0; at < this.#headers.length; at += 2)
      head += `${this.#headers[at]}: ${this.#headers[at + 1]}\r\n`;
    return `${head}Date: ${httpDate()}\r\n${this.shouldKeepAlive ? this.#keepAlive : 'Connection: close\r\n'}\r\n`;
  }

  /** Where the name stands; -1 when nowhere. Our names are always spelled the same. */
  #indexOf(name: string): number {
    for (let at = 0; at < this.#headers.length; at += 2) if (this.#headers[at] === name) return at;
    return -1;
  }
}

let second = Number.NaN;
let text = '';

/** The current time as a `Date` header has it; a text is made once a second. */
export function httpDate(): string {
  const now = Date.now();
  const current = Math.floor(now / 1000);
  if (current !== second) {
    second = current;
    text = new Date(now).toUTCString();
  }
  return text;
}
