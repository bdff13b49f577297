import { Worker } from 'node:worker_threads';
import { type Clock, systemClock, systemMonotonic } from '../../core/clock.js';
import { OutcomeUnknown, SpooliteError } from '../../core/errors.js';
import { CommitMeter, type MeterMemory } from './commit-meter.js';
import {
  type FromThread,
  fromErrorReply,
  type Refusal,
  type TimedWriteRequest,
  type ToThread,
  type WriteReply,
} from './messages.js';
import {
  type ArgsOf,
  BUSY_MS,
  type EventSink,
  type Operations,
  type ResultOf,
  type RunOptions,
  type Writer,
} from './writer.js';

/** Start data of the writer thread, besides the engine's target. */
export interface WriterThreadData {
  meter: MeterMemory;
  /** Whether there is a sink for the events of operations. */
  hasEventSink: boolean;
  /** Set to 1, and notified, once the thread has closed the storage. */
  closed: Int32Array;
}

export interface ThreadWriterOptions {
  /** The module that the thread runs. */
  entry: URL;
  /** Where and how the engine stores: passed to the thread. */
  target: object;
  clock: Clock;
  /** Called once if the thread has died: nothing can be written any more. Runs before callers are rejected. */
  onDeath(error: SpooliteError): void;
  /** For requests without their own; default {@link BUSY_MS}. */
  busyMs?: number | undefined;
  eventSink?: EventSink | undefined;
}

/** Milliseconds that closing may take in addition to waiting for a lock. */
const CLOSING_MS = 2_000;

/** The promise of a pending request. */
interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Runs operations on a thread of its own, so that this process's event loop goes on answering polls while a commit
 * waits for the disk or for another process's lock.
 */
export class ThreadWriter<Ops extends Operations> implements Writer<Ops> {
  readonly meter = new CommitMeter();
  readonly #thread: Worker;
  readonly #clock: Clock;
  readonly #busyMs: number;
  readonly #waiting = new Map<number, Waiting>();
  readonly #repeats = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  readonly #closed = new Int32Array(new SharedArrayBuffer(4));
  #outbox: TimedWriteRequest[] = [];
  #nextId = 1;
  #refusal: Refusal | null = null;
  #broken: SpooliteError | undefined;
  #isClosing = false;
  #isDead = false;
  #failure: SpooliteError | null = null;
  readonly #onDeath: (error: SpooliteError) => void;

  constructor(options: ThreadWriterOptions) {
    const { entry, target, clock, onDeath, busyMs = BUSY_MS, eventSink } = options;
    this.#onDeath = onDeath;
    this.#busyMs = busyMs;
    this.#clock = clock;
    const threadData: WriterThreadData = {
      meter: this.meter.memory,
      hasEventSink: eventSink !== undefined,
      closed: this.#closed,
    };
    this.#thread = new Worker(entry, { workerData: { ...target, ...threadData }, execArgv: [] });
    this.#thread.on('message', ({ replies, refusal, events }: FromThread) => {
      this.#refusal = refusal;
      if (events) eventSink?.(events);
      for (const reply of replies) this.#settle(reply);
      this.#keepAliveWhileWaiting();
    });
    this.#thread.on('error', (cause) => this.#break(cause));
    this.#exited = new Promise((resolve) => {
      this.#thread.once('exit', () => {
        this.#break(undefined);
        resolve();
      });
    });
    // Only now: listening for messages would undo it.
    this.#thread.unref();
  }

  get failure(): SpooliteError | null {
    return this.#failure;
  }

  get refusal(): Refusal | null {
    return this.#broken ? { message: this.#broken.message, bytes: 0 } : this.#refusal;
  }

  run<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    { busyMs = this.#busyMs, weight = 1, actor }: RunOptions = {},
  ): Promise<ResultOf<Ops[Name]>> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#nextId++;
    if (this.#outbox.length === 0) setImmediate(() => this.#flush());
    this.#outbox.push({ id, name, args, busyUntil: systemMonotonic() + busyMs, weight, actor });
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#keepAliveWhileWaiting();
    });
  }

  repeat<Name extends keyof Ops & string>(
    name: Name,
    args: ArgsOf<Ops[Name]>,
    intervalMs: number,
    onResult: (result: ResultOf<Ops[Name]>) => void,
    onFailure: (error: Error) => void,
  ): () => void {
    const id = this.#nextId++;
    this.#repeats.set(id, { resolve: onResult as (result: unknown) => void, reject: onFailure });
    this.#post({ kind: 'repeat', id, name, args, intervalMs });
    return () => {
      this.#repeats.delete(id);
      this.#post({ kind: 'end-repeat', id });
    };
  }

  runLast<Name extends keyof Ops & string>(name: Name, args: ArgsOf<Ops[Name]>): void {
    if (this.#broken) return;
    this.#outbox.push({
      id: this.#nextId++,
      name,
      args,
      busyUntil: systemMonotonic() + this.#busyMs,
      weight: 1,
    });
    this.#flush();
    this.#post({ kind: 'close' });
    Atomics.wait(this.#closed, 0, 0, this.#busyMs + CLOSING_MS);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#flush();
    this.#thread.ref();
    this.#post({ kind: 'close' });
    await this.#exited;
  }

  /** Requests made in one turn of the event loop share one message, and usually one commit. */
  #flush(): void {
    if (this.#outbox.length === 0) return;
    this.#post({ kind: 'run', requests: this.#outbox });
    this.#outbox = [];
  }

  #post(message: WithoutNow<ToThread>): void {
    // The thread reads the system clock itself, at the moment of the transaction; any other clock only exists here.
    const now = this.#clock === systemClock ? null : this.#clock.now();
    this.#thread.postMessage({ ...message, now });
  }

  #settle(reply: WriteReply): void {
    const waiting = this.#waiting.get(reply.id) ?? this.#repeats.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(fromErrorReply(reply.error));
    else waiting?.resolve(reply.result);
  }

  /** An idle writer does not keep the process running; an unanswered request does. */
  #keepAliveWhileWaiting(): void {
    if (this.#waiting.size > 0) this.#thread.ref();
    else this.#thread.unref();
  }

  #break(cause: unknown): void {
    if (!this.#broken) {
      const isDead = cause !== undefined || !this.#isClosing;
      this.#broken = new SpooliteError(
        'NOT_READY',
        `The storage ${isDead ? 'has failed; restart the program' : 'is closed'}`,
      );
      this.#broken.cause = cause;
      this.#isDead = isDead;
      // A death while closing concerns only the pending requests.
      if (isDead && !this.#isClosing) {
        this.#failure = this.#broken;
        this.#onDeath(this.#broken);
      }
    }
    // A thread that died may have committed requests that it had not answered yet.
    const error = this.#isDead ? new OutcomeUnknown(cause) : this.#broken;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

type WithoutNow<T> = T extends unknown ? Omit<T, 'now'> : never;
