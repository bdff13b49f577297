import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { systemMonotonic } from '../../core/clock.js';
import { type ErrorCode, SpooliteError } from '../../core/errors.js';
import type { CommitMeter } from './commit-meter.js';
import type { Committer } from './committer.js';
import type {
  FromThread,
  Refusal,
  TimedWriteRequest,
  ToThread,
  WriteReply,
  WriteRequest,
} from './messages.js';

/** Most tasks in one transaction, so that one sync never waits for an endless group. */
export const MAX_GROUP = 500;

/** Milliseconds between two attempts to take a lock that another process holds. */
const LOCK_RETRY_MS = 1;

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * The writer thread's loop: takes all pending requests, commits them as one group, answers, and repeats. It may block,
 * on the disk or on another process's lock; nothing else runs on this thread.
 */
export class ThreadLoop {
  readonly #port: MessagePort;
  readonly #committer: Committer;
  readonly #meter: CommitMeter;
  readonly #onCommit: () => void;
  readonly #onRefused: (bytes: number) => void;
  readonly #onAnswered: (weight: number) => void;
  readonly #onClose: () => void;
  readonly #maxGroup: number;
  readonly #repeats = new Map<number, NodeJS.Timeout>();
  readonly #refused = new RefusedWrites();
  #inbox: TimedWriteRequest[] = [];
  #now: number | null = null;
  #isDraining = false;
  #closing = false;

  constructor(
    port: MessagePort,
    committer: Committer,
    meter: CommitMeter,
    onCommit: () => void,
    onRefused: (bytes: number) => void,
    onAnswered: (weight: number) => void,
    onClose: () => void,
    maxGroup = MAX_GROUP,
  ) {
    this.#maxGroup = maxGroup;
    this.#port = port;
    this.#committer = committer;
    this.#meter = meter;
    this.#onCommit = onCommit;
    this.#onRefused = onRefused;
    this.#onAnswered = onAnswered;
    this.#onClose = onClose;
    port.on('message', (message: ToThread) => {
      this.#receive(message);
      void this.#drain();
    });
  }

  #receive(message: ToThread): void {
    this.#now = message.now;
    switch (message.kind) {
      case 'run':
        this.#inbox.push(...message.requests);
        break;
      case 'repeat': {
        const { id, name, args } = message;
        const enqueue = () => {
          this.#inbox.push({ id, name, args, busyUntil: Number.POSITIVE_INFINITY, weight: 1 });
          void this.#drain();
        };
        this.#repeats.set(id, setInterval(enqueue, message.intervalMs));
        break;
      }
      case 'end-repeat':
        clearInterval(this.#repeats.get(message.id));
        this.#repeats.delete(message.id);
        break;
      case 'close':
        this.#closing = true;
    }
  }

  /** Takes messages that arrived while this thread was blocked. */
  #receiveWaiting(): void {
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.#receive(next.message);
    }
  }

  async #drain(): Promise<void> {
    if (this.#isDraining) return;
    this.#isDraining = true;
    this.#receiveWaiting();
    while (this.#inbox.length > 0) {
      if (await this.#acquire()) await this.#commitGroup();
      this.#receiveWaiting();
    }
    this.#isDraining = false;
    if (this.#closing) this.#close();
  }

  /** Waits for the write lock. False if no request is left that would wait longer. */
  async #acquire(): Promise<boolean> {
    try {
      while (!(await this.#committer.tryBegin(this.#now ?? Date.now()))) {
        this.#meter.foundBusy();
        Atomics.wait(pause, 0, 0, LOCK_RETRY_MS);
        this.#receiveWaiting();
        this.#giveUpLate();
        if (this.#inbox.length === 0) return false;
      }
    } catch (error) {
      this.#failAll(this.#inbox.splice(0), error);
      return false;
    }
    this.#receiveWaiting();
    return true;
  }

  #giveUpLate(): void {
    const now = systemMonotonic();
    // Repeated operations wait without end; when closing, their results are no longer needed.
    const isLate = ({ busyUntil }: TimedWriteRequest) =>
      busyUntil <= now || (this.#closing && busyUntil === Number.POSITIVE_INFINITY);
    const late = this.#inbox.filter(isLate);
    if (late.length === 0) return;
    this.#inbox = this.#inbox.filter((request) => !isLate(request));
    const busy = new SpooliteError('STORAGE_BUSY', 'The storage is busy; try again in a moment');
    this.#failAll(late, busy);
  }

  async #commitGroup(): Promise<void> {
    const group = this.#inbox.splice(0, this.#groupSize());
    const start = performance.now();
    const { replies, changed, events } = await this.#committer.commit(group);
    this.#meter.committed(group.length, start);
    this.#post(group, replies, events);
    if (!changed) return;
    this.#onCommit();
    // The group is answered: further work delays no caller.
    this.#onAnswered(group.reduce((sum, { weight }) => sum + weight, 0));
  }

  /** Size of the next group: at least one request, and tasks up to the limit. */
  #groupSize(): number {
    let weight = 0;
    const end = this.#inbox.findIndex((request) => {
      weight += request.weight;
      return weight > this.#maxGroup;
    });
    return end === -1 ? this.#inbox.length : Math.max(end, 1);
  }

  #failAll(requests: readonly TimedWriteRequest[], error: unknown): void {
    this.#post(requests, this.#committer.failAll(requests, error), []);
  }

  #post(requests: readonly TimedWriteRequest[], replies: WriteReply[], events: unknown[]): void {
    const isRefused = this.#refused.record(requests, replies);
    const { refusal } = this.#refused;
    // Before the callers are notified: other processes' reapers must not outrun the refused ones.
    if (isRefused) this.#onRefused(refusal?.bytes ?? 0);
    const message: FromThread = { replies, refusal };
    this.#port.postMessage(events.length > 0 ? { ...message, events } : message);
  }

  #close(): void {
    for (const timer of this.#repeats.values()) clearInterval(timer);
    this.#port.close();
    this.#onClose();
  }
}

/** Errors of the storage, not of the request. */
const CODES: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'NOT_READY'];

/** Largest write that is tried again as a probe. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Bytes of the texts in an operation's arguments, nearly all of a large write. */
function bytesOf(args: unknown): number {
  if (typeof args === 'string') return Buffer.byteLength(args);
  if (typeof args !== 'object' || args === null) return 0;
  return Object.values(args).reduce<number>((sum, value) => sum + bytesOf(value), 0);
}

/** Remembers refusals until something as large is stored: on a full disk there may be space for small writes. */
export class RefusedWrites {
  #refusal: Refusal | null = null;

  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** To be called with each group's requests and their replies. True if the storage has refused some of them. */
  record(requests: readonly WriteRequest[], replies: readonly WriteReply[]): boolean {
    let isRefused = false;
    for (const [at, reply] of replies.entries()) {
      const args = requests[at]?.args;
      if (!('error' in reply)) this.#accept(args);
      else if (reply.error.isOutcomeUnknown || CODES.includes(reply.error.code)) {
        isRefused = true;
        this.#refuse(reply.error.message, reply.error.code === 'STORAGE_FULL' ? bytesOf(args) : 0);
      }
    }
    return isRefused;
  }

  #accept(args: unknown): void {
    if (this.#refusal && bytesOf(args) >= this.#refusal.bytes) this.#refusal = null;
  }

  #refuse(message: string, bytes: number): void {
    const most = Math.max(bytes, this.#refusal?.bytes ?? 0);
    this.#refusal = { message, bytes: Math.min(most, MAX_BYTES) };
  }
}
