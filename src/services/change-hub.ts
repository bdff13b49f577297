import { setImmediate as turn } from 'node:timers/promises';
import { taskNotFound } from '../core/errors.js';
import { BYTE_LIMITS } from '../core/limits.js';
import type { StoredTask } from '../core/task.js';
import type { Change, ChangeRepository } from '../repositories/change-repository.js';
import { type ChangePredicate, readChanges } from './read-changes.js';
import { type ChangeSpan, RecentChanges } from './recent-changes.js';

/** Calls `listener` after commits of any process; returns a function that unsubscribes. */
export type OnCommit = (listener: () => void) => () => void;

/** Most changes examined in one turn of the event loop. */
const MOST_CHANGES = 100;

/** Most filter calls in one turn. */
const MOST_QUESTIONS = 100_000;

/** Most waiters woken in one turn, as each causes work. */
const MOST_WOKEN = 50;

/** Most tasks whose existence is checked in one turn. */
const MOST_IDS = 500;

/**
 * Notifies this process's waiters of changes. After a commit, by any process, it reads the new changes once for all
 * waiters, loads only tasks with a waiter, and wakes only those concerned. It listens only while there are waiters, and
 * works in steps, so that other requests are served in between.
 *
 * Register first, then read: the read sees what was committed before it; the hub dispatches what is committed later.
 */
export class ChangeHub {
  /** Turns for the expensive work of all followers of the changes. */
  readonly turns = new Turns();
  readonly #changes: ChangeRepository;
  readonly #onCommit: OnCommit;
  readonly #watchers = new Map<number, Set<LatestValue<StoredTask>>>();
  readonly #listeners = new Map<LatestValue<number>, ChangePredicate | undefined>();
  readonly #recent = new RecentChanges();
  /** Listeners without a filter. */
  #unfiltered = 0;
  #stopListening: (() => void) | undefined;
  #started: Promise<void> | undefined;
  /** Everything up to this revision has been dispatched. */
  #seen = 0;
  /** The last deletion that was dispatched. */
  #deletion = 0;
  #woken = 0;
  #isLooking = false;
  #lookAgain = false;

  constructor(changes: ChangeRepository, onCommit: OnCommit) {
    this.#changes = changes;
    this.#onCommit = onCommit;
  }

  /** Everything committed up to this revision is visible to reads from now on; later changes will be dispatched. */
  get seen(): number {
    return this.#seen;
  }

  /** The span of changes dispatched after a revision; undefined if it is no longer in memory. */
  following(revision: number): ChangeSpan | undefined {
    return this.#recent.following(revision);
  }

  /**
   * Puts each new state of a task into the mailbox, and fails the mailbox with TASK_NOT_FOUND once the task is deleted.
   * Resolves to a function that unsubscribes.
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
   * Puts the revision up to which changes were dispatched into the mailbox whenever it rises; `following` returns the
   * changes that pass `predicate`, or all if it is undefined. Resolves to a function that unsubscribes.
   */
  async listen(predicate: ChangePredicate | undefined, mailbox: LatestValue<number>): Promise<() => void> {
    this.#listeners.set(mailbox, predicate);
    if (!predicate) this.#unfiltered++;
    return this.#joined(() => {
      if (this.#listeners.delete(mailbox) && !predicate) this.#unfiltered--;
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
    // Before the changes: by then, changes to a task before its deletion have been dispatched.
    const deletion = await this.#changes.lastDeletion();
    const predicate: ChangePredicate = (change) => this.#isWanted(change);
    for (let isLast = false; !isLast && !this.#isIdle; ) {
      const after = this.#seen;
      const page = await readChanges(this.#changes, {
        after,
        filter: predicate,
        limit: MOST_CHANGES,
        lookAt: this.#lookAt,
        characters: BYTE_LIMITS.piece,
      });
      isLast = page.isLast;
      // A deletion's revision belongs to no task any more.
      const upTo = isLast ? Math.max(page.revision, deletion) : page.revision;
      this.#seen = upTo;
      await this.#dispatch({ after, upTo, tasks: page.tasks });
      if (!isLast) await turn();
    }
    if (deletion > this.#deletion) await this.#dispatchDeletions();
    this.#deletion = Math.max(this.#deletion, deletion);
  }

  /** Changes to examine in one turn: fewer with more listeners, as each one filters every change. */
  get #lookAt(): number {
    const most = Math.floor(MOST_QUESTIONS / (this.#listeners.size + 1));
    return Math.min(Math.max(most, 10), MOST_CHANGES);
  }

  #isWanted(change: Change): boolean {
    if (this.#unfiltered > 0 || this.#watchers.has(change.id)) return true;
    for (const predicate of this.#listeners.values()) if (predicate?.(change)) return true;
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

  /** Deletions are not in the feed: checks whether the watched tasks still exist. */
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

  /** To be awaited after each waiter woken. */
  async #rest(): Promise<void> {
    if (++this.#woken % MOST_WOKEN === 0) await turn();
  }

  /** Fails all waiters. */
  #fail(error: Error): void {
    for (const watchers of this.#watchers.values()) for (const mailbox of watchers) mailbox.fail(error);
    for (const mailbox of this.#listeners.keys()) mailbox.fail(error);
  }
}

/** Holds the latest value until it is taken; a newer one replaces it. */
export class LatestValue<T> {
  #value: T | null = null;
  #failure: Error | null = null;
  #isClosed = false;
  #wake: (() => void) | undefined;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  put(value: T): void {
    this.#value = value;
    this.#wake?.();
  }

  /** Fails the taker with this error, after a value that is still there. */
  fail(error: Error): void {
    this.#failure = error;
    this.#wake?.();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /**
   * The latest value, as soon as there is one; null once closed. Throws the error of `fail`. For one taker at a time.
   */
  async take(): Promise<T | null> {
    if (this.#value === null && this.#failure === null && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#failure && this.#value === null) throw this.#failure;
    const value = this.#isClosed ? null : this.#value;
    this.#value = null;
    return value;
  }
}

/** Milliseconds of work in one turn of the event loop. */
const SLICE_MS = 3;

/**
 * Runs work that many clients cause at once, in order of arrival: a few milliseconds of it in one turn of the event
 * loop, so that other requests are served in between.
 */
export class Turns {
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Runs `work`, itself no longer than a slice, at its turn. Settles as it does. */
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
