import { ApiError } from '../../client/index.js';
import type { TaskStatus } from '../../core/task.js';
import { queue } from '../api/client.js';

/** State of the browser's one connection to the server. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

/** The part of a change by which a page finds out whether it shows the task; it fetches the rest itself. */
export interface TaskChange {
  taskId: number;
  type: string;
  status: TaskStatus;
}

/** Messages from the connection's worker to every page. */
export type WorkerMessage =
  | { kind: 'state'; state: ConnectionState }
  /** The server refuses access. No more messages follow; to continue, a page has to join again. */
  | { kind: 'refused' }
  /** Recent changes; `isWhole` is false if there were too many to list. */
  | { kind: 'changes'; changes: TaskChange[]; isWhole: boolean };

/** Message from a page to the worker: the page leaves. */
export interface PageMessage {
  kind: 'bye';
}

/** Delay after the first change in a quiet time, in milliseconds: batches simultaneous changes. */
const DEBOUNCE_MS = 50;

/** Least interval between two batches, in milliseconds. */
const MIN_INTERVAL_MS = 1_000;

/** Most changes listed in a batch. */
const MAX_CHANGES = 2_000;

/** Batches changes, so that a busy queue makes a page refetch once a second and not on every change. */
export class ChangeBatcher {
  readonly #emit: (changes: TaskChange[], isWhole: boolean) => void;
  readonly #changes = new Map<number, TaskChange>();
  #isWhole = true;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #emittedAt = Number.NEGATIVE_INFINITY;

  constructor(emit: (changes: TaskChange[], isWhole: boolean) => void) {
    this.#emit = emit;
  }

  add({ taskId, type, status }: TaskChange): void {
    if (this.#changes.size < MAX_CHANGES || this.#changes.has(taskId))
      this.#changes.set(taskId, { taskId, type, status });
    else this.#isWhole = false;
    this.#timer ??= setTimeout(() => this.#flush(), this.#delay());
  }

  /** Anything may have changed, as changes were missed. */
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

/** Milliseconds after which a first connection attempt counts as lost. */
const CONNECT_TIMEOUT_MS = 3_000;

/** Milliseconds before a refused stream is restarted. */
const RETRY_MS = 2_000;

const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 401 || error.status === 403);

/** The one connection to the server's change events, for any number of pages. Open while there are listeners. */
export class ChangeStream {
  readonly #listeners = new Set<(message: WorkerMessage) => void>();
  readonly #batcher = new ChangeBatcher((changes, isWhole) =>
    this.#emit({ kind: 'changes', changes, isWhole }),
  );
  #open: AbortController | undefined;
  #state: ConnectionState = 'connecting';

  /** Sends the connection's state, then all messages; returns a function that unsubscribes. */
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
    const timeout = setTimeout(() => this.#become('lost'), CONNECT_TIMEOUT_MS);
    const onConnection = (isConnected: boolean) => {
      clearTimeout(timeout);
      if (signal.aborted) return;
      this.#become(isConnected ? 'live' : 'lost');
      // Changes were missed, and pending requests may have old data.
      if (isConnected) this.#batcher.addUnknown();
    };
    try {
      for await (const { task } of queue.events({ signal, onConnection })) this.#batcher.add(task);
    } catch (error) {
      if (signal.aborted) return;
      if (isRefusal(error)) return this.#giveUp();
      // Refused: the server may not know the cursor any more. The next stream starts at the present.
      setTimeout(() => signal.aborted || this.#follow(signal), RETRY_MS);
    }
  }

  /** The listeners must sign in first, or lack the permission. */
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
