import { type Connection, isTransient, type QueryParameters, retryDelayMs } from './connection.js';
import { ApiError, goneTask } from './errors.js';
import { fromResource } from './resources.js';
import { pause } from './timers.js';
import { type AwaitedTask, type PollOptions, pollStates } from './wait.js';

/** Waits with a request of their own. Browsers allow six connections to one server, for everything. */
const MAX_SINGLE_POLLS = 3;

/**
 * The waits of one client. The first few have a request of their own, which the server answers at once after a change;
 * all others share one per thousand tasks.
 */
export class WaitMultiplexer {
  readonly #connection: Connection;
  readonly #shared: SharedPoll<AwaitedTask>[] = [];
  #alone = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The states of a task until it is done, or the signal is aborted. */
  async *states<Task extends AwaitedTask>(id: number, options: PollOptions): AsyncGenerator<Task, undefined> {
    // An impossible id is refused alone, without failing a shared request.
    if (this.#alone >= MAX_SINGLE_POLLS && Number.isSafeInteger(id) && id > 0) {
      yield* this.#poll().states(id, options.signal) as AsyncGenerator<Task, undefined>;
      return;
    }
    this.#alone++;
    try {
      yield* pollStates<Task>(this.#connection, id, options);
    } finally {
      this.#alone--;
    }
  }

  #poll(): SharedPoll<AwaitedTask> {
    const found = this.#shared.find(({ isFull }) => !isFull);
    if (found) return found;
    const poll = new SharedPoll<AwaitedTask>(this.#connection);
    this.#shared.push(poll);
    return poll;
  }
}

/** Most ids in one request. */
const MAX_IDS = 1_000;

const WAIT_SECONDS = 30;

/** Most changes in one reply: tasks may be large. */
const MAX_CHANGES = 200;

/** Milliseconds between two requests: batches changes, and new followers. */
const DEBOUNCE_MS = 50;

/** A reply without changes before this time is early. */
const EARLY_MS = (WAIT_SECONDS - 1) * 1000;

/** The number of failures that an early reply counts as: about a second's delay. */
const EARLY_FAILURES = 3;

interface FeedPage {
  changes: object[];
  cursor: string;
  /** Deleted tasks among the requested ones. */
  gone?: number[];
}

/**
 * Follows many tasks with one request at a time: it reads new ones by their ids, then polls the change feed from its
 * position before that read. Nothing is missed, even across a restart of the server, since the feed continues at that
 * position.
 */
export class SharedPoll<Task extends AwaitedTask> {
  readonly #connection: Connection;
  readonly #followers = new Map<number, Set<LatestState<Task>>>();
  readonly #newcomers = new Set<number>();
  #cursor: string | undefined;
  /** Aborted when the pending request for changes no longer covers all followers. */
  #outdated = new AbortController();
  /** Aborted when no follower is left. */
  #abandoned = new AbortController();
  #isRunning = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get isFull(): boolean {
    return this.#followers.size >= MAX_IDS;
  }

  /** The states of a task until it is done. Throws the signal's reason, and permanent failures. */
  async *states(id: number, signal: AbortSignal): AsyncGenerator<Task, undefined> {
    signal.throwIfAborted();
    const latest = new LatestState<Task>();
    const stop = () => latest.fail(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    this.#join(id, latest);
    try {
      for (;;) {
        const task = await latest.take();
        yield task;
        if (task.done) return;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#leave(id, latest);
    }
  }

  #join(id: number, latest: LatestState<Task>): void {
    this.#followers.set(id, (this.#followers.get(id) ?? new Set()).add(latest));
    this.#newcomers.add(id);
    this.#outdated.abort();
    if (!this.#isRunning) void this.#run();
  }

  #leave(id: number, latest: LatestState<Task>): void {
    const followers = this.#followers.get(id);
    followers?.delete(latest);
    if (followers?.size === 0) this.#followers.delete(id);
    if (this.#followers.size > 0) return;
    this.#outdated.abort();
    this.#abandoned.abort();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    let failure: unknown;
    for (let failures = 0; this.#followers.size > 0; ) {
      this.#outdated = new AbortController();
      this.#abandoned = new AbortController();
      const [outdated, abandoned] = [this.#outdated.signal, this.#abandoned.signal];
      try {
        await pause(DEBOUNCE_MS + (failures > 0 ? retryDelayMs(failures, failure) : 0), abandoned);
        await this.#pollOnce(outdated, abandoned);
        failures = 0;
      } catch (error) {
        if (error === outdated.reason || error === abandoned.reason) continue;
        failure = error;
        if (isTransient(error)) failures++;
        else this.#recover(error);
      }
    }
    this.#cursor = undefined;
    this.#isRunning = false;
  }

  async #pollOnce(outdated: AbortSignal, abandoned: AbortSignal): Promise<void> {
    this.#cursor ??= (await this.#feed({ cursor: 'now' }, abandoned)).cursor;
    await this.#readNewcomers(abandoned);
    if (outdated.aborted || this.#followers.size === 0) return;
    const asked = performance.now();
    const ids = [...this.#followers.keys()].join();
    const query = { cursor: this.#cursor, ids, limit: MAX_CHANGES, wait: WAIT_SECONDS };
    const page = await this.#feed(query, outdated);
    const hasChanges = page.cursor !== this.#cursor;
    this.#cursor = page.cursor;
    for (const change of page.changes) this.#notify(fromResource<Task>(change));
    for (const id of page.gone ?? []) this.#fail(id, goneTask(id));
    // A stopping server ends all waits at once.
    if (!hasChanges && performance.now() - asked < EARLY_MS)
      await pause(retryDelayMs(EARLY_FAILURES), abandoned);
  }

  async #feed(query: QueryParameters, signal: AbortSignal): Promise<FeedPage> {
    const waitSeconds = Number(query.wait ?? 0);
    const { body } = await this.#connection.send({ path: '/changes', query, waitSeconds, signal });
    return body as FeedPage;
  }

  /** Reads the current state of tasks that are new here. */
  async #readNewcomers(signal: AbortSignal): Promise<void> {
    const ids = [...this.#newcomers].filter((id) => this.#followers.has(id));
    if (ids.length === 0) return this.#newcomers.clear();
    const { body } = await this.#connection.send({ path: '/tasks', query: { ids: ids.join() }, signal });
    // Deleted before the await below resolves: a new follower of the same task is a newcomer again.
    for (const id of ids) this.#newcomers.delete(id);
    const tasks = (body as object[]).map((resource) => fromResource<Task>(resource));
    for (const task of tasks) this.#notify(task);
    const found = new Set(tasks.map(({ taskId }) => taskId));
    const missing = ids.filter((id) => !found.has(id));
    // They remain newcomers until each is confirmed: a failure in between must not leave out the others.
    for (const id of missing) this.#newcomers.add(id);
    for (const id of missing) await this.#confirmMissing(id, signal);
  }

  /** Requests a missing task alone, for the server's own error. */
  async #confirmMissing(id: number, signal: AbortSignal): Promise<void> {
    try {
      const { body } = await this.#connection.send({ path: `/tasks/${id}`, signal });
      this.#newcomers.delete(id);
      this.#notify(fromResource<Task>(body as object));
    } catch (error) {
      if (isTransient(error) || error === signal.reason) throw error;
      this.#newcomers.delete(id);
      this.#fail(id, error);
    }
  }

  #notify(task: Task): void {
    for (const latest of this.#followers.get(task.taskId) ?? []) latest.put(task);
  }

  #fail(id: number, error: unknown): void {
    for (const latest of this.#followers.get(id) ?? []) latest.fail(error);
    this.#followers.delete(id);
  }

  /** On an unknown cursor (after a restore of the file, for example) everything is read again. */
  #recover(error: unknown): void {
    this.#cursor = undefined;
    for (const id of [...this.#followers.keys()]) {
      if (error instanceof ApiError && error.code === 'CURSOR_INVALID') this.#newcomers.add(id);
      else this.#fail(id, error);
    }
  }
}

/** Holds the latest state until it is taken, by one taker. */
export class LatestState<State> {
  #state: State | null = null;
  #failure: { reason: unknown } | null = null;
  #wake: (() => void) | undefined;

  put(state: State): void {
    this.#state = state;
    this.#wake?.();
  }

  /** Fails the taker: no further states follow. */
  fail(reason: unknown): void {
    this.#failure = { reason };
    this.#wake?.();
  }

  /** The latest state, as soon as there is one that was not taken before. */
  async take(): Promise<State> {
    while (this.#state === null && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#state === null) throw this.#failure?.reason;
    const state = this.#state;
    this.#state = null;
    return state;
  }
}
