import { ApiError } from '../errors/api-error.js';
import { goneTask } from '../errors/task-not-found.js';
import type { Connection } from '../http/connection.js';
import { fromResource } from '../http/from-resource.js';
import { isPassing, patienceMs } from '../http/patience.js';
import type { Parameters } from '../http/search.js';
import { pause } from '../pause.js';
import type { Finishing } from './finishing.js';
import { Latest } from './latest.js';

/** Tasks that one request can ask for. */
const MOST_IDS = 1_000;

const WAIT_SECONDS = 30;

/** Most changes of one answer: tasks may be large. */
const MOST_CHANGES = 200;

/** Milliseconds between two requests: what happens together is told together, and who comes together is asked for together. */
const BREATH_MS = 50;

/** An answer without news that comes sooner is early. */
const EARLY_MS = (WAIT_SECONDS - 1) * 1000;

/** As how many failures an early answer counts: about a second. */
const EARLY_FAILURES = 3;

interface Feed {
  changes: object[];
  cursor: string;
  /** Those that were asked for and were deleted. */
  gone?: number[];
}

/**
 * Follows many tasks with one request at a time, however many there are: it reads those that are new by their ids, then
 * asks the change feed for what happens to them, from where it was before that read. Nothing is missed, also across a
 * restart of the server, since the feed goes on where it was.
 */
export class SharedPoll<Task extends Finishing> {
  readonly #connection: Connection;
  readonly #followers = new Map<number, Set<Latest<Task>>>();
  readonly #newcomers = new Set<number>();
  #cursor: string | undefined;
  /** Aborted when the request for changes no longer asks for what is wanted. */
  #outdated = new AbortController();
  /** Aborted when nobody is left. */
  #abandoned = new AbortController();
  #isRunning = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get isFull(): boolean {
    return this.#followers.size >= MOST_IDS;
  }

  /** The states of a task until it is done. Throws the signal's reason, and what does not pass by itself. */
  async *states(id: number, signal: AbortSignal): AsyncGenerator<Task, undefined> {
    signal.throwIfAborted();
    const latest = new Latest<Task>();
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

  #join(id: number, latest: Latest<Task>): void {
    this.#followers.set(id, (this.#followers.get(id) ?? new Set()).add(latest));
    this.#newcomers.add(id);
    this.#outdated.abort();
    if (!this.#isRunning) void this.#run();
  }

  #leave(id: number, latest: Latest<Task>): void {
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
        await pause(BREATH_MS + (failures > 0 ? patienceMs(failures, failure) : 0), abandoned);
        await this.#look(outdated, abandoned);
        failures = 0;
      } catch (error) {
        if (error === outdated.reason || error === abandoned.reason) continue;
        failure = error;
        if (isPassing(error)) failures++;
        else this.#overcome(error);
      }
    }
    this.#cursor = undefined;
    this.#isRunning = false;
  }

  async #look(outdated: AbortSignal, abandoned: AbortSignal): Promise<void> {
    this.#cursor ??= (await this.#feed({ cursor: 'now' }, abandoned)).cursor;
    await this.#meetNewcomers(abandoned);
    if (outdated.aborted || this.#followers.size === 0) return;
    const asked = performance.now();
    const ids = [...this.#followers.keys()].join();
    const query = { cursor: this.#cursor, ids, limit: MOST_CHANGES, wait: WAIT_SECONDS };
    const news = await this.#feed(query, outdated);
    const isNews = news.cursor !== this.#cursor;
    this.#cursor = news.cursor;
    for (const change of news.changes) this.#tell(fromResource<Task>(change));
    for (const id of news.gone ?? []) this.#fail(id, goneTask(id));
    // A server that stops lets everybody go.
    if (!isNews && performance.now() - asked < EARLY_MS) await pause(patienceMs(EARLY_FAILURES), abandoned);
  }

  async #feed(query: Parameters, signal: AbortSignal): Promise<Feed> {
    const waitSeconds = Number(query.wait ?? 0);
    const { body } = await this.#connection.send({ path: '/changes', query, waitSeconds, signal });
    return body as Feed;
  }

  /** How it stands with those that nobody has asked for yet. */
  async #meetNewcomers(signal: AbortSignal): Promise<void> {
    const ids = [...this.#newcomers].filter((id) => this.#followers.has(id));
    if (ids.length === 0) return this.#newcomers.clear();
    const { body } = await this.#connection.send({ path: '/tasks', query: { ids: ids.join() }, signal });
    // No pause between these: who joins from now on for the same task is a newcomer again.
    for (const id of ids) this.#newcomers.delete(id);
    const tasks = (body as object[]).map((resource) => fromResource<Task>(resource));
    for (const task of tasks) this.#tell(task);
    const found = new Set(tasks.map(({ taskId }) => taskId));
    const missing = ids.filter((id) => !found.has(id));
    // Newcomers until the server has said so of each: a failure in between must not leave the others out.
    for (const id of missing) this.#newcomers.add(id);
    for (const id of missing) await this.#miss(id, signal);
  }

  /** A task that does not exist: the server says so in its own words. */
  async #miss(id: number, signal: AbortSignal): Promise<void> {
    try {
      const { body } = await this.#connection.send({ path: `/tasks/${id}`, signal });
      this.#newcomers.delete(id);
      this.#tell(fromResource<Task>(body as object));
    } catch (error) {
      if (isPassing(error) || error === signal.reason) throw error;
      this.#newcomers.delete(id);
      this.#fail(id, error);
    }
  }

  #tell(task: Task): void {
    for (const latest of this.#followers.get(task.taskId) ?? []) latest.put(task);
  }

  #fail(id: number, error: unknown): void {
    for (const latest of this.#followers.get(id) ?? []) latest.fail(error);
    this.#followers.delete(id);
  }

  /** A queue that does not know where we were (its file was restored, say) is asked for everything anew. */
  #overcome(error: unknown): void {
    this.#cursor = undefined;
    for (const id of [...this.#followers.keys()]) {
      if (error instanceof ApiError && error.code === 'CURSOR_INVALID') this.#newcomers.add(id);
      else this.#fail(id, error);
    }
  }
}
