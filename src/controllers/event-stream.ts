import type { HttpResponse } from '../auth/exchange.js';
import type { StoredTask } from '../core/task.js';
import type { Turns } from '../services/change-hub.js';
import { type TaskText, taskTextFor } from './task-resource.js';

const HEADERS = Object.entries({
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Disables buffering in nginx and its derivatives.
  'X-Accel-Buffering': 'no',
});

/** Reconnection delay of clients, in milliseconds. */
const RETRY_MS = 1_000;

const HEARTBEAT_MS = 15_000;

/** Milliseconds that a stalled client has to read what was sent. */
const FLUSH_MS = 1_000;

/** Characters buffered before a write. */
const PIECE = 64 * 1024;

/** A reply of server-sent events: each is a task, its id the revision from which a client can resume. */
export class EventStream {
  readonly #res: HttpResponse;
  readonly #text: TaskText;
  readonly #turns: Turns;
  readonly #heartbeat: NodeJS.Timeout;
  #position: number;
  /** The last position that the client has received. */
  #sentPosition: number;

  /**
   * Sends the headers. `position` is the revision from which the client would resume if it lost the connection now.
   * Later writes take turns, as other streams send the same at the same time.
   */
  constructor(res: HttpResponse, position: number, turns: Turns) {
    this.#res = res;
    this.#turns = turns;
    this.#text = taskTextFor(res);
    this.#position = position;
    this.#sentPosition = position;
    for (const [name, value] of HEADERS) res.setHeader(name, value);
    res.write(`retry: ${RETRY_MS}\nid: ${position}\n\n`);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    res.once('close', () => clearInterval(this.#heartbeat));
  }

  /** Resolves when the client can take more: what it does not read is not buffered without limit. */
  async send(tasks: readonly StoredTask[]): Promise<void> {
    for (let from = 0; from < tasks.length; ) {
      const start = from;
      from += await this.#turns.run(() => this.#write(tasks, start));
      await this.#drained();
    }
  }

  /** Reports that the task was deleted. */
  sendGone(taskId: number): void {
    if (this.#isOver) return;
    this.#res.write(`id: ${this.#position}\nevent: gone\ndata: {"task_id":${taskId}}\n\n`);
  }

  /** Advances the client's cursor to this revision; the next heartbeat sends it. */
  moveTo(position: number): void {
    this.#position = position;
  }

  /** Ends after what was sent. */
  end(): void {
    clearInterval(this.#heartbeat);
    this.#res.end();
  }

  /** Ends without waiting for the client to read. */
  abandon(): void {
    this.end();
    if (this.#res.closed) return;
    const flushTimeout = setTimeout(() => this.#res.destroy(), FLUSH_MS).unref();
    this.#res.once('close', () => clearTimeout(flushTimeout));
  }

  get #isOver(): boolean {
    return this.#res.writableEnded || this.#res.closed;
  }

  /** Writes up to one piece of tasks from `start`; returns how many. All of them after a disconnect. */
  #write(tasks: readonly StoredTask[], start: number): number {
    if (this.#isOver) return tasks.length;
    let text = '';
    let at = start;
    for (let task = tasks[at]; task && text.length < PIECE; task = tasks[++at]) {
      text += `id: ${task.revision}\nevent: task\ndata: ${this.#text(task)}\n\n`;
      this.#position = task.revision;
    }
    this.#sentPosition = this.#position;
    this.#res.write(text);
    return at - start;
  }

  #beat(): void {
    if (this.#res.writableNeedDrain || this.#res.writableEnded) return;
    const id = this.#position > this.#sentPosition ? `id: ${this.#position}\n` : '';
    this.#sentPosition = this.#position;
    this.#res.write(`: heartbeat\n${id}\n`);
  }

  #drained(): Promise<void> {
    if (!this.#res.writableNeedDrain || this.#res.closed) return Promise.resolve();
    return new Promise((resolve) => {
      const go = () => {
        this.#res.off('drain', go);
        this.#res.off('close', go);
        resolve();
      };
      this.#res.once('drain', go);
      this.#res.once('close', go);
    });
  }
}
