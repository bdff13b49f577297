import { setImmediate as turn } from 'node:timers/promises';
import { taskNotFound } from '../core/errors.js';
import { BYTE_LIMITS } from '../core/limits.js';
import type { StoredTask } from '../core/task.js';
import type { Change, ChangeRepository } from '../repositories/change-repository.js';
import { readChanges, type Wants } from './read-changes.js';
import { type ChangeSpan, RecentChanges } from './recent-changes.js';

/** Calls `listener` after commits of any process; returns a function that ends it. */
export type OnCommit = (listener: () => void) => () => void;

/** Most changes looked at in one turn of the event loop. */
const MOST_CHANGES = 100;

/** Most questions in one turn whether a listener wants a change. */
const MOST_QUESTIONS = 100_000;

/** Most of those who wait that are woken in one turn: each then does something. */
const MOST_WOKEN = 50;

/** Most tasks of which it is looked in one turn whether they are still there. */
const MOST_IDS = 500;

/**
 * Tells those who wait in this process what has changed. After a commit, of whatever process, it looks once for all of
 * them at the changes that are new, reads those tasks that somebody waits for, and wakes only those who do. It listens only
 * while somebody waits, and whatever it does for many it does in steps, between which other requests are answered.
 *
 * Whoever waits registers first and reads afterwards: what is committed before that read, the read has seen; what is
 * committed later, the hub will tell.
 */
export class ChangeHub {
  /** In which everybody who follows the changes does what takes time. */
  readonly turns = new Turns();
  readonly #changes: ChangeRepository;
  readonly #onCommit: OnCommit;
  readonly #watchers = new Map<number, Set<LatestValue<StoredTask>>>();
  readonly #listeners = new Map<LatestValue<number>, Wants | undefined>();
  readonly #recent = new RecentChanges();
  /** Of the listeners, how many want everything. */
  #wantAll = 0;
  #stopListening: (() => void) | undefined;
  #started: Promise<void> | undefined;
  /** Everything up to this revision has been dispatched. */
  #seen = 0;
  /** The last deletion that watchers know of. */
  #deletion = 0;
  #woken = 0;
  #isLooking = false;
  #lookAgain = false;

  constructor(changes: ChangeRepository, onCommit: OnCommit) {
    this.#changes = changes;
    this.#onCommit = onCommit;
  }

  /** What was committed up to this revision is there for whoever reads now; what comes later will be dispatched. */
  get seen(): number {
    return this.#seen;
  }

  /** The changes that were dispatched next after a revision; undefined where they are not at hand any more. */
  following(revision: number): ChangeSpan | undefined {
    return this.#recent.following(revision);
  }

  /**
   * Puts a task into the mailbox whenever it has changed, and has the mailbox fail with TASK_NOT_FOUND once it is deleted.
   * Resolves to a function that ends it.
   */
  async watch(id: number, mailbox: LatestValue<StoredTask>): Promise<() => void> {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(mailbox));
    return this.#joined(() => {
      watchers.delete(mailbox);
      if (watchers.size === 0 && this.#watchers.get(id) === watchers) this.#watchers.delete(id);
    });
  }

  /**
   * Puts the revision up to which changes were dispatched into the mailbox whenever it rises. Those that are wanted, all
   * where `wants` is undefined, are found by `following`. Resolves to a function that ends it.
   */
  async listen(wants: Wants | undefined, mailbox: LatestValue<number>): Promise<() => void> {
    this.#listeners.set(mailbox, wants);
    if (!wants) this.#wantAll++;
    return this.#joined(() => {
      if (this.#listeners.delete(mailbox) && !wants) this.#wantAll--;
    });
  }

  get #isIdle(): boolean {
    return this.#watchers.size === 0 && this.#listeners.size === 0;
  }

  async #joined(remove: () => void): Promise<() => void> {
    const leave = () => {
      remove();
      if (this.#isIdle) this.#stop();
    };
    try {
      this.#stopListening ??= this.#onCommit(() => void this.#look());
      this.#started ??= this.#start();
      await this.#started;
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  async #start(): Promise<void> {
    this.#deletion = await this.#changes.lastDeletion();
    this.#seen = await this.#changes.horizon();
  }

  #stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#started = undefined;
    this.#recent.clear();
  }

  async #look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#started;
      while (this.#lookAgain) {
        this.#lookAgain = false;
        await this.#dispatchNew();
      }
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #dispatchNew(): Promise<void> {
    // Before the changes: what was done to a task before it was deleted has been dispatched by then.
    const deletion = await this.#changes.lastDeletion();
    const wants: Wants = (change) => this.#isWanted(change);
    for (let isLast = false; !isLast && !this.#isIdle; ) {
      const after = this.#seen;
      const page = await readChanges(this.#changes, {
        after,
        filter: wants,
        limit: MOST_CHANGES,
        lookAt: this.#lookAt,
        characters: BYTE_LIMITS.piece,
      });
      isLast = page.isLast;
      // A deletion has a revision, but there is no task any more that has it.
      const upTo = isLast ? Math.max(page.revision, deletion) : page.revision;
      this.#seen = upTo;
      await this.#dispatch({ after, upTo, tasks: page.tasks });
      if (!isLast) await turn();
    }
    if (deletion > this.#deletion) await this.#dispatchDeletions();
    this.#deletion = Math.max(this.#deletion, deletion);
  }

  /** How many changes to look at in one turn: the fewer, the more listeners are asked about each. */
  get #lookAt(): number {
    const most = Math.floor(MOST_QUESTIONS / (this.#listeners.size + 1));
    return Math.min(Math.max(most, 10), MOST_CHANGES);
  }

  #isWanted(change: Change): boolean {
    if (this.#wantAll > 0 || this.#watchers.has(change.id)) return true;
    for (const wants of this.#listeners.values()) if (wants?.(change)) return true;
    return false;
  }

  async #dispatch(span: ChangeSpan): Promise<void> {
    if (span.upTo > span.after) this.#recent.add(span);
    for (const task of span.tasks) {
      for (const mailbox of this.#watchers.get(task.id) ?? []) {
        mailbox.put(task);
        await this.#rest();
      }
    }
    if (span.upTo === span.after) return;
    for (const mailbox of this.#listeners.keys()) {
      mailbox.put(span.upTo);
      await this.#rest();
    }
  }

  /** Deleted tasks are in no feed: those that somebody watches are looked for. */
  async #dispatchDeletions(): Promise<void> {
    const ids = [...this.#watchers.keys()];
    for (let from = 0; from < ids.length; from += MOST_IDS) {
      for (const id of await this.#changes.missing(ids.slice(from, from + MOST_IDS))) {
        for (const mailbox of this.#watchers.get(id) ?? []) {
          mailbox.fail(taskNotFound(id));
          await this.#rest();
        }
      }
      await turn();
    }
  }

  /** To be awaited after each that was woken. */
  async #rest(): Promise<void> {
    if (++this.#woken % MOST_WOKEN === 0) await turn();
  }

  /** Whoever waits is told that it cannot go on, rather than left waiting. */
  #fail(error: Error): void {
    for (const watchers of this.#watchers.values()) for (const mailbox of watchers) mailbox.fail(error);
    for (const mailbox of this.#listeners.keys()) mailbox.fail(error);
  }
}

/** Holds the newest piece of news until it is taken; what nobody has taken is replaced by what comes after it. */
export class LatestValue<T> {
  #news: T | null = null;
  #failure: Error | null = null;
  #isClosed = false;
  #wake: (() => void) | undefined;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  put(news: T): void {
    this.#news = news;
    this.#wake?.();
  }

  /** Whoever takes gets this error, after the news that is there. */
  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  /** Nobody waits for news any more. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** The newest news, as soon as there is any; null once closed. Throws what it was told to. For one taker at a time. */
  async take(): Promise<T | null> {
    if (this.#news === null && this.#failure === null && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#failure && this.#news === null) throw this.#failure;
    const news = this.#isClosed ? null : this.#news;
    this.#news = null;
    return news;
  }
}

/** Milliseconds of work in one turn of the event loop. */
const SLICE_MS = 3;

/**
 * Runs pieces of work that many clients cause at once, in the order in which they came: a few milliseconds' worth of them in
 * one turn of the event loop, so that whoever else asks is answered in between.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Runs `work`, which takes no longer than a slice itself, when its turn has come. Settles as it does. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#runSlice);
  }

  readonly #runSlice = (): void => {
    this.#isScheduled = false;
    const end = performance.now() + SLICE_MS;
    let ran = 0;
    for (const work of this.#waiting) {
      ran++;
      work();
      if (performance.now() >= end) break;
    }
    this.#waiting = this.#waiting.slice(ran);
    if (this.#waiting.length > 0) this.#schedule();
  };
}
