import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import { ResponseHeaders } from './response-headers.js';

let second = Number.NaN;
let dateText = '';

/** The current time as a `Date` header has it; the text is made once a second. */
function httpDate(): string {
  const now = Date.now();
  const current = Math.floor(now / 1000);
  if (current !== second) {
    second = current;
    dateText = new Date(now).toUTCString();
  }
  return dateText;
}

/** Statuses whose answers have no body, and no header that says so. */
const hasNoBody = (status: number): boolean => status === 204 || status === 304;

/**
 * A response that goes out as text on a socket, whole or in chunks. It writes what node's own would, to the letter: node
 * checks, stores and joins headers that are our own, which costs more than all the rest of a frequent answer. Header values
 * are written as they are, so they must be visible ASCII.
 */
export class RawResponse implements HttpResponse {
  readonly request: RequestHead;
  statusCode = 200;
  /** Whether the connection stays after this answer. */
  shouldKeepAlive = true;
  headersSent = false;
  closed = false;
  writableEnded = false;
  writableFinished = false;
  readonly #socket: Socket;
  readonly #keepAlive: string;
  readonly #headers = new ResponseHeaders();
  readonly #closeListeners = new Set<() => void>();

  /** `keepAlive` is the header lines of an answer after which the connection stays. */
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

  /** Sends the rest; the answer is finished once the operating system has it. */
  end(body = ''): void {
    if (this.writableEnded || this.closed) return;
    const isChunked = this.headersSent;
    if (isChunked && body !== '') this.write(body);
    this.writableEnded = true;
    this.headersSent = true;
    const text = isChunked ? '0\r\n\r\n' : this.#head(this.#lengthOf(body)) + body;
    // As many bytes as characters: then all of it is ASCII, and goes out without being encoded.
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

  /** `framing` is how the end of the body is recognised, where the headers do not say so. */
  #head(framing: string): string {
    const { list } = this.#headers;
    let head = `HTTP/1.1 ${this.statusCode} ${STATUS_CODES[this.statusCode]}\r\n`;
    for (let at = 0; at < list.length; at += 2) head += `${list[at]}: ${list[at + 1]}\r\n`;
    const connection = this.shouldKeepAlive ? this.#keepAlive : 'Connection: close\r\n';
    return `${head}Date: ${httpDate()}\r\n${connection}${framing}\r\n`;
  }
}
