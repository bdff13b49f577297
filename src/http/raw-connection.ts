import type { Socket } from 'node:net';
import type { PollRoad } from './poll-road.js';
import { PlainRequestReader } from './raw-request.js';
import { RawResponse } from './raw-response.js';

export interface RawConnectionOptions {
  answer: PollRoad;
  /** Every reply begins with these. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Told of each reply that is begun. */
  onReply(reply: RawResponse, socket: Socket): void;
  /** Gives the socket to node's http server. */
  handOver(socket: Socket): void;
  /** Milliseconds for which a connection may be there before its first request. */
  silentStartMs: number;
  /** Milliseconds for which it is kept between two requests. */
  idleMs: number;
  /** What is announced of that. */
  announcedIdleMs: number;
  /** Milliseconds for which nothing may move while a request is answered. */
  silentMs: number;
}

/**
 * A connection before node's http server has it: the lean road. As long as each piece of data that comes is one whole
 * plain poll, it is answered here. The first that is anything else, be it only that it is incomplete or came too
 * early, goes to node together with the connection, for good: nothing unusual is ever judged here.
 */
export class RawConnection {
  readonly #socket: Socket;
  readonly #options: RawConnectionOptions;
  readonly #keepAlive: string;
  readonly #reader;
  /** The reply that is under way. */
  #reply: RawResponse | null = null;
  /** What came while it was. */
  #early: Buffer | null = null;
  #hasAnswered = false;
  /** Whether the client is slow to take its answer. */
  #isSlow = false;

  constructor(socket: Socket, options: RawConnectionOptions) {
    this.#socket = socket;
    this.#reader = new PlainRequestReader(socket);
    this.#options = options;
    this.#keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(options.announcedIdleMs / 1000)}\r\n`;
    socket.setTimeout(options.silentStartMs);
    for (const [event, listener] of this.#listeners) socket.on(event, listener);
  }

  readonly #onData = (bytes: Buffer): void => {
    if (this.#socket.writableEnded) return;
    if (this.#reply) {
      this.#early = bytes;
      this.#socket.pause();
      return;
    }
    const request = this.#reader.read(bytes);
    const reply = new RawResponse(this.#socket, this.#keepAlive);
    for (const [name, value] of this.#options.headers) reply.setHeader(name, value);
    if (!request || !this.#options.answer(request, reply)) {
      this.#handOver(bytes);
      return;
    }
    this.#reply = reply;
    this.#options.onReply(reply, this.#socket);
    reply.once('close', this.#onReplied);
  };

  readonly #onReplied = (): void => {
    const { shouldKeepAlive } = this.#reply as RawResponse;
    this.#reply = null;
    if (this.#isSlow || !this.#hasAnswered) this.#setSlow(false);
    this.#hasAnswered = true;
    if (!shouldKeepAlive) this.#socket.destroySoon();
    else if (this.#early) this.#handOver(this.#early);
  };

  /** A client that has said its last gets its answer nevertheless. */
  readonly #onEnd = (): void => {
    if (this.#reply) this.#reply.shouldKeepAlive = false;
    else this.#socket.end();
  };

  /** One that has not begun yet is given node's patience; node has no more for one between two requests either. */
  readonly #onTimeout = (): void => {
    if (this.#reply && !this.#isSlow) this.#setSlow(true);
    else if (this.#reply || this.#hasAnswered) this.#socket.destroy();
    else this.#handOver();
  };

  /** A reply is given more time than a silence; the timer is not touched where it goes out at once, as nearly always. */
  #setSlow(isSlow: boolean): void {
    this.#isSlow = isSlow;
    this.#socket.setTimeout(isSlow ? this.#options.silentMs : this.#options.idleMs);
  }

  readonly #onClose = (): void => this.#reply?.close(false);

  /** It closes by itself then. */
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
