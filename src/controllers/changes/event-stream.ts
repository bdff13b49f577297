import type { ServerResponse } from 'node:http';
import type { StoredTask } from '../../domain/stored-task.js';
import { type TaskText, taskTextFor } from '../task-resource.js';

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  // Proxies of the nginx family would gather events otherwise.
  'X-Accel-Buffering': 'no',
};

/** What a client waits before it connects again, in milliseconds. */
const RETRY_MS = 1_000;

const HEARTBEAT_MS = 15_000;

/** What a client that no longer reads is given to take what was sent, in milliseconds. */
const FLUSH_MS = 1_000;

/** A reply of server-sent events: each is a task, its id the revision from which a client can resume. */
export class EventStream {
  readonly #res: ServerResponse;
  readonly #text: TaskText;
  readonly #heartbeat: NodeJS.Timeout;
  #position: number;
  /** The client knows this one. */
  #sentPosition: number;

  /** Sends the headers. `position` is the revision from which the client would resume if it lost the connection now. */
  constructor(res: ServerResponse, position: number) {
    this.#res = res;
    this.#text = taskTextFor(res);
    this.#position = position;
    this.#sentPosition = position;
    res.writeHead(200, HEADERS);
    res.write(`retry: ${RETRY_MS}\nid: ${position}\n\n`);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
    res.once('close', () => clearInterval(this.#heartbeat));
  }

  /** Resolves when the client can take more: what it does not read is not heaped up here. */
  async send(task: StoredTask): Promise<void> {
    if (this.#res.writableEnded || this.#res.closed) return;
    this.#position = task.revision;
    this.#sentPosition = task.revision;
    if (!this.#res.write(`id: ${task.revision}\nevent: task\ndata: ${this.#text(task)}\n\n`))
      await this.#drained();
  }

  /** The client need not look at anything up to this revision again; it is told with the next heartbeat. */
  moveTo(position: number): void {
    this.#position = position;
  }

  /** Ends after what was sent. */
  end(): void {
    clearInterval(this.#heartbeat);
    this.#res.end();
  }

  /** Ends, whether the client takes what was sent or not. */
  abandon(): void {
    this.end();
    if (this.#res.closed) return;
    const impatience = setTimeout(() => this.#res.destroy(), FLUSH_MS).unref();
    this.#res.once('close', () => clearTimeout(impatience));
  }

  #beat(): void {
    if (this.#res.writableNeedDrain || this.#res.writableEnded) return;
    const id = this.#position > this.#sentPosition ? `id: ${this.#position}\n` : '';
    this.#sentPosition = this.#position;
    this.#res.write(`: heartbeat\n${id}\n`);
  }

  #drained(): Promise<void> {
    if (this.#res.closed) return Promise.resolve();
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
