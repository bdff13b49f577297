import type { Socket } from 'node:net';
import type { RequestHead } from '../auth/exchange.js';
import type { Answer } from './create-http.js';
import { RawRequestReader } from './raw-request.js';
import { RawResponse } from './raw-response.js';

export interface RawConnectionOptions {
  answer: Answer;
  /** The first headers of every reply. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Called for each reply that begins. */
  onResponse(res: RawResponse, socket: Socket): void;
  /** Gives the socket to node's http server. */
  handOver(socket: Socket): void;
  /** Milliseconds without data before the first request. */
  silentStartMs: number;
  /** Milliseconds for which it is kept between two requests. */
  idleMs: number;
  /** The announced part of `idleMs`. */
  announcedIdleMs: number;
  /** Milliseconds without progress while a request is answered. */
  silentMs: number;
}

/** Milliseconds in which a client that has closed its half of the connection still gets its reply. */
const HALF_OPEN_MS = 1_000;

/**
 * The raw transport: a connection before node's http server has it. As long as each piece of data is exactly one plain
 * GET of an endpoint, it is answered here. The first piece that is anything else, even just incomplete or early, goes
 * to node together with the connection, for good: unusual requests, timeouts, limits and refusals are node's.
 */
export class RawConnection {
  readonly #socket: Socket;
  readonly #options: RawConnectionOptions;
  readonly #keepAlive: string;
  readonly #reader: RawRequestReader;
  /** The current reply. */
  #res: RawResponse | null = null;
  /** Data that arrived during a reply. */
  #early: Buffer | null = null;
  #hasAnswered = false;
  /** Whether the reply takes longer than an idle connection is kept. */
  #isSlow = false;

  constructor(socket: Socket, options: RawConnectionOptions) {
    this.#socket = socket;
    this.#reader = new RawRequestReader(socket);
    this.#options = options;
    this.#keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(options.announcedIdleMs / 1000)}\r\n`;
    socket.setTimeout(options.silentStartMs);
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#socket.writableEnded) return;
    if (this.#res) {
      this.#early = bytes;
      this.#socket.pause();
      return;
    }
    const request = this.#reader.read(bytes);
    if (!request || !this.#answer(request)) this.#handOver(bytes);
  };

  /** False if the request is for no endpoint. */
  #answer(request: RequestHead): boolean {
    const res = new RawResponse(request, this.#socket, this.#keepAlive);
    for (const [name, value] of this.#options.headers) res.setHeader(name, value);
    if (!this.#options.answer(request, res)) return false;
    this.#res = res;
    this.#options.onResponse(res, this.#socket);
    res.once('close', this.#onAnswered);
    return true;
  }

  readonly #onAnswered = (): void => {
    const { shouldKeepAlive } = this.#res as RawResponse;
    this.#res = null;
    if (this.#isSlow || !this.#hasAnswered) this.#setSlow(false);
    this.#hasAnswered = true;
    if (!shouldKeepAlive) this.#socket.destroySoon();
    else if (this.#early) this.#handOver(this.#early);
  };

  /** The client has closed its half, or both: it may still read a reply, but stops waiting. */
  readonly #onEnd = (): void => {
    if (!this.#res) return void this.#socket.end();
    this.#res.shouldKeepAlive = false;
    setTimeout(() => this.#socket.destroy(), HALF_OPEN_MS).unref();
  };

  /** A connection that has sent nothing yet goes to node, which gives it time for the headers of a request. */
  readonly #onTimeout = (): void => {
    if (this.#res && !this.#isSlow) this.#setSlow(true);
    else if (this.#res || this.#hasAnswered) this.#socket.destroy();
    else this.#handOver();
  };

  /** A reply that goes out at once, as nearly all do, leaves the timer alone. */
  #setSlow(isSlow: boolean): void {
    this.#isSlow = isSlow;
    this.#socket.setTimeout(isSlow ? this.#options.silentMs : this.#options.idleMs);
  }

  readonly #onClose = (): void => this.#res?.close(false);

  /** The socket closes itself after an error. */
  readonly #onError = (): void => {};

  readonly #listeners: [string, (bytes: Buffer) => void][] = [
    ['data', this.#onData],
    ['end', this.#onEnd],
    ['timeout', this.#onTimeout],
    ['error', this.#onError],
    ['close', this.#onClose],
  ];

  #handOver(bytes?: Buffer): void {
    for (const [event, listener] of this.#listeners) this.#socket.off(event, listener);
    this.#socket.setTimeout(0);
    this.#socket.pause();
    this.#options.handOver(this.#socket);
    if (bytes) this.#socket.unshift(bytes);
    this.#socket.resume();
  }
}
