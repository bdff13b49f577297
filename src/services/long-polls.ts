import { principalOf } from '../auth/access-control.js';
import type { ApiKeyCache } from '../auth/api-key-cache.js';
import { clientOf } from '../auth/client-address.js';
import type { BareResponse } from '../auth/exchange.js';
import { RateLimited } from '../auth/rate-limits.js';
import { SpooliteError } from '../core/errors.js';
import type { StoredTask } from '../core/task.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { type ChangeHub, LatestValue } from './change-hub.js';

export interface TaskWaitOptions {
  id: number;
  seconds: number;
  /** Whether the task is what the client waits for. */
  isAnswer: (task: StoredTask) => boolean;
  /** The reply that is held back. */
  res: BareResponse;
}

/** Waits for a task to become what a client waits for. */
export class TaskWait {
  readonly #tasks: TaskRepository;
  readonly #hub: ChangeHub;
  readonly #waits: LongPollRegistry;

  constructor(tasks: TaskRepository, hub: ChangeHub, waits: LongPollRegistry) {
    this.#tasks = tasks;
    this.#hub = hub;
    this.#waits = waits;
  }

  /** The task as soon as it is an answer, else as it is at the end of the wait. Throws TASK_NOT_FOUND, at once, and UNAUTHENTICATED. */
  async forTask({ id, seconds, isAnswer, res }: TaskWaitOptions): Promise<StoredTask> {
    const mailbox = new LatestValue<StoredTask>();
    const callOff = this.#waits.begin(res, seconds, () => mailbox.close());
    let leave: (() => void) | undefined;
    try {
      leave = await this.#hub.watch(id, mailbox);
      const task = await this.#tasks.find(id);
      if (isAnswer(task)) return task;
      const next = await this.#next(mailbox, isAnswer, id);
      this.#waits.assertStillIn(res);
      return next;
    } finally {
      callOff();
      leave?.();
    }
  }

  async #next(mailbox: LatestValue<StoredTask>, isAnswer: (task: StoredTask) => boolean, id: number) {
    for (let task = await mailbox.take(); task; task = await mailbox.take()) if (isAnswer(task)) return task;
    return this.#tasks.find(id);
  }
}

/** Sees to it that nobody waits longer than there is somebody to wait for and a server to wait in. */
export class LongPollRegistry {
  readonly #stopping: AbortSignal;
  readonly #keys: ApiKeyCache;
  readonly #places: ConcurrencyLimiter;
  readonly #ends = new Set<() => void>();
  readonly #waiters = new WeakSet<BareResponse>();
  readonly #open = { wait: 0, stream: 0 };

  /**
   * `stopping` ends every wait: a server that is told to stop must not be held up by those who wait. So does the end of
   * the key with which somebody came.
   */
  constructor(stopping: AbortSignal, keys: ApiKeyCache, places: ConcurrencyLimiter) {
    this.#stopping = stopping;
    this.#keys = keys;
    this.#places = places;
    stopping.addEventListener('abort', () => {
      for (const end of [...this.#ends]) end();
    });
  }

  /** How many are open now; a stream is a wait without an end. */
  get open(): Readonly<Record<'wait' | 'stream', number>> {
    return this.#open;
  }

  /** Whether this answer was held back, as its client wished. */
  has(res: BareResponse): boolean {
    return this.#waiters.has(res);
  }

  /**
   * Begins a wait on behalf of the client that `res` answers. Calls `onEnd` once, when the seconds are over, the client
   * has hung up, his key has ended or the server stops. Returns a function that calls that off. Throws RATE_LIMITED where
   * too many wait already, NOT_READY where the keys cannot be read.
   */
  begin(res: BareResponse, seconds: number, onEnd: () => void): () => void {
    const access = principalOf(res);
    const leave = this.#places.take(clientOf(res));
    let timer: NodeJS.Timeout | undefined;
    let forgetKey: (() => void) | undefined;
    const kind = Number.isFinite(seconds) ? 'wait' : 'stream';
    const callOff = () => {
      leave();
      clearTimeout(timer);
      forgetKey?.();
      if (this.#ends.delete(end)) this.#open[kind]--;
      res.off('close', end);
    };
    const end = () => {
      if (!this.#ends.has(end)) return;
      callOff();
      onEnd();
    };
    this.#ends.add(end);
    this.#waiters.add(res);
    this.#open[kind]++;
    res.once('close', end);
    if (Number.isFinite(seconds)) timer = setTimeout(end, seconds * 1000);
    try {
      forgetKey = this.#keys.onEnd(access, end);
    } catch (error) {
      callOff();
      throw error;
    }
    if (res.closed || this.#stopping.aborted) end();
    return callOff;
  }

  /** Throws UNAUTHENTICATED for whom nobody would let in any more who asked before the wait. */
  assertStillIn(res: BareResponse): void {
    if (this.#keys.isGood(principalOf(res))) return;
    throw new SpooliteError('UNAUTHENTICATED', 'The key expired or was revoked during the wait');
  }
}

/** How many may wait at once. */
export interface WaitCaps {
  perClient: number;
  inAll: number;
}

/** What is told those who find no place; sooner it would hardly be better. */
const RETRY_MS = 5_000;

/** Counts the long polls and streams that are open. */
export class ConcurrencyLimiter {
  readonly #caps: WaitCaps;
  readonly #byClient = new Map<string | number, number>();
  #taken = 0;

  constructor(caps: WaitCaps) {
    this.#caps = caps;
  }

  /** Takes a place. Returns a function that gives it back, once. Throws RATE_LIMITED where there is none. */
  take(client: string | number): () => void {
    const { perClient, inAll } = this.#caps;
    const own = this.#byClient.get(client) ?? 0;
    if (own >= perClient)
      throw new RateLimited(`${perClient} waits and streams at once are allowed`, RETRY_MS);
    if (this.#taken >= inAll) throw new RateLimited('Too many waits and streams are open', RETRY_MS);
    this.#byClient.set(client, own + 1);
    this.#taken++;
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(client);
      isTaken = false;
    };
  }

  #giveBack(client: string | number): void {
    const own = this.#byClient.get(client) ?? 1;
    if (own > 1) this.#byClient.set(client, own - 1);
    else this.#byClient.delete(client);
    this.#taken--;
  }
}
