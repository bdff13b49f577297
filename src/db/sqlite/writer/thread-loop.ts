import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { systemMonotonic } from '../../../core/clock.js';
import { SpooliteError } from '../../../core/errors.js';
import type { CommitMeter } from './commit-meter.js';
import type { GroupCommitter, Reply } from './group-committer.js';
import type { FromThread, TimedRequest, ToThread } from './messages.js';
import { RefusedWrites } from './refused-writes.js';

/** Most tasks that the requests of one transaction are about, so that one fsync never waits for an endless group. */
export const MAX_GROUP = 500;

/** Milliseconds between two tries for a lock that another process holds. */
const LOCK_RETRY_MS = 1;

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * The writer thread: takes what has come in, commits it as one group, answers, and takes what has come in
 * meanwhile. It may block, on the disk or on another process's lock; nothing else runs on this thread.
 */
export class ThreadLoop {
  readonly #port: MessagePort;
  readonly #committer: GroupCommitter;
  readonly #meter: CommitMeter;
  readonly #onCommit: () => void;
  readonly #onRefused: (bytes: number) => void;
  readonly #onAnswered: (weight: number) => void;
  readonly #onClose: () => void;
  readonly #maxGroup: number;
  readonly #repeats = new Map<number, NodeJS.Timeout>();
  readonly #refused = new RefusedWrites();
  #inbox: TimedRequest[] = [];
  #now: number | null = null;
  #closing = false;

  constructor(
    port: MessagePort,
    committer: GroupCommitter,
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
      this.#drain();
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
          this.#drain();
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

  /** Takes what has arrived while this thread was blocked. */
  #receiveWaiting(): void {
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.#receive(next.message);
    }
  }

  #drain(): void {
    this.#receiveWaiting();
    while (this.#inbox.length > 0) {
      if (this.#acquire()) this.#commitGroup();
      this.#receiveWaiting();
    }
    if (this.#closing) this.#close();
  }

  /** Waits for the write lock. False when nobody is left who would wait longer. */
  #acquire(): boolean {
    try {
      while (!this.#committer.tryBegin(this.#now ?? Date.now())) {
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
    // What repeats waits without end; when closing there is nobody left to wait for it.
    const isLate = ({ busyUntil }: TimedRequest) =>
      busyUntil <= now || (this.#closing && busyUntil === Number.POSITIVE_INFINITY);
    const late = this.#inbox.filter(isLate);
    if (late.length === 0) return;
    this.#inbox = this.#inbox.filter((request) => !isLate(request));
    const busy = new SpooliteError('STORAGE_BUSY', 'The storage is busy; try again in a moment');
    this.#failAll(late, busy);
  }

  #commitGroup(): void {
    const group = this.#inbox.splice(0, this.#groupSize());
    const { replies, changed, news } = this.#meter.measure(group.length, () => this.#committer.commit(group));
    this.#post(group, replies, news);
    if (!changed) return;
    this.#onCommit();
    // Everybody has his answer: what follows keeps nobody waiting for it.
    this.#onAnswered(group.reduce((sum, { weight }) => sum + weight, 0));
  }

  /** How many requests make a group: at least one, and no more than it may be about. */
  #groupSize(): number {
    let weight = 0;
    const end = this.#inbox.findIndex((request) => {
      weight += request.weight;
      return weight > this.#maxGroup;
    });
    return end === -1 ? this.#inbox.length : Math.max(end, 1);
  }

  #failAll(requests: readonly TimedRequest[], error: unknown): void {
    this.#post(requests, this.#committer.failAll(requests, error), []);
  }

  #post(requests: readonly TimedRequest[], replies: Reply[], news: unknown[]): void {
    const isRefused = this.#refused.judge(requests, replies);
    const { refusal } = this.#refused;
    // Before anybody hears of it: other processes' reapers must not be faster than who is refused.
    if (isRefused) this.#onRefused(refusal?.bytes ?? 0);
    const message: FromThread = { replies, refusal };
    this.#port.postMessage(news.length > 0 ? { ...message, news } : message);
  }

  #close(): void {
    for (const timer of this.#repeats.values()) clearInterval(timer);
    this.#port.close();
    this.#onClose();
  }
}
