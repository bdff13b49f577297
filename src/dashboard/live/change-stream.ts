import { ApiError } from '../../client/index.js';
import type { TaskStatus } from '../../core/task.js';
import { queue } from '../api/client.js';

/** How the browser's one connection to the server stands. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

/** What a page needs to know of a change to tell whether it shows the task; it asks for the rest itself. */
export interface TaskChange {
  taskId: number;
  type: string;
  status: TaskStatus;
}

/** What the connection's worker tells every page. */
export type WorkerMessage =
  | { kind: 'state'; state: ConnectionState }
  /** The server does not let the browser in, or not to this. Nothing more comes: who wants to hear more joins again. */
  | { kind: 'refused' }
  /** What has changed lately; `isWhole` is false where there was more than is worth telling one by one. */
  | { kind: 'changes'; changes: TaskChange[]; isWhole: boolean };

/** What a page tells the worker: that it goes. */
export interface PageMessage {
  kind: 'bye';
}

/** From the first change after a quiet time to the news of it, in milliseconds: what comes together is told together. */
const DEBOUNCE_MS = 50;

/** Least time between two pieces of news, in milliseconds, however much changes. */
const MIN_INTERVAL_MS = 1_000;

/** Most changes that are told one by one. */
const MAX_CHANGES = 2_000;

/** Gathers changes, so that a busy queue makes a page look once a second and not once a change. */
export class ChangeBatcher {
  readonly #emit: (changes: TaskChange[], isWhole: boolean) => void;
  readonly #changes = new Map<number, TaskChange>();
  #isWhole = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #emittedAt = Number.NEGATIVE_INFINITY;

  constructor(tell: (changes: TaskChange[], isWhole: boolean) => void) {
    this.#emit = tell;
  }

  add({ taskId, type, status }: TaskChange): void {
    if (this.#changes.size < MAX_CHANGES || this.#changes.has(taskId))
      this.#changes.set(taskId, { taskId, type, status });
    else this.#isWhole = false;
    this.#timer ??= setTimeout(() => this.#flush(), this.#delay());
  }

  /** Anything may have changed: nobody looked for a while. */
  addUnknown(): void {
    this.#isWhole = false;
    this.#timer ??= setTimeout(() => this.#flush(), this.#delay());
  }

  #delay(): number {
    return Math.max(DEBOUNCE_MS, this.#emittedAt + MIN_INTERVAL_MS - performance.now());
  }

  #flush(): void {
    const changes = [...this.#changes.values()];
    const isWhole = this.#isWhole;
    this.#changes.clear();
    this.#isWhole = true;
    this.#timer = undefined;
    this.#emittedAt = performance.now();
    this.#emit(changes, isWhole);
  }
}

/** Milliseconds after which a first connection counts as lost that has not come. */
const CONNECT_TIMEOUT_MS = 3_000;

/** Milliseconds after which a stream is begun anew that the server has refused. */
const RETRY_MS = 2_000;

const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 401 || error.status === 403);

/** The one connection to the server's change events, for any number of pages. It is there while somebody listens. */
export class ChangeStream {
  readonly #listeners = new Set<(message: WorkerMessage) => void>();
  readonly #batcher = new ChangeBatcher((changes, isWhole) =>
    this.#emit({ kind: 'changes', changes, isWhole }),
  );
  #open: AbortController | undefined;
  #state: ConnectionState = 'connecting';

  /** Hears how the connection stands, then everything; returns what ends it. */
  listen(listener: (message: WorkerMessage) => void): () => void {
    this.#listeners.add(listener);
    listener({ kind: 'state', state: this.#state });
    if (!this.#open) {
      this.#open = new AbortController();
      void this.#follow(this.#open.signal);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#open?.abort();
      this.#open = undefined;
      this.#state = 'connecting';
    };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const impatience = setTimeout(() => this.#become('lost'), CONNECT_TIMEOUT_MS);
    const onConnection = (isConnected: boolean) => {
      clearTimeout(impatience);
      if (signal.aborted) return;
      this.#become(isConnected ? 'live' : 'lost');
      // What changed meanwhile is not all told; what a page has asked for may be from before.
      if (isConnected) this.#batcher.addUnknown();
    };
    try {
      for await (const { task } of queue.events({ signal, onConnection })) this.#batcher.add(task);
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) return this.#giveUp();
      // Refused: the place to go on from is not the server's any more, say. The next stream begins with what comes next.
      setTimeout(() => signal.aborted || this.#follow(signal), RETRY_MS);
    }
  }

  /** Whoever listens has to sign in first, or asks for what is not for him. */
  #giveUp(): void {
    this.#open = undefined;
    this.#state = 'connecting';
    this.#emit({ kind: 'refused' });
    this.#listeners.clear();
  }

  #become(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#emit({ kind: 'state', state });
  }

  #emit(message: WorkerMessage): void {
    for (const listener of this.#listeners) listener(message);
  }
}
