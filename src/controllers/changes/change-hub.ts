import { setImmediate as turn } from 'node:timers/promises';
import { BYTE_LIMITS } from '../../domain/byte-limits.js';
import type { StoredTask } from '../../domain/stored-task.js';
import type { Change, ChangePage, ChangeRepository } from '../../repositories/change-repository.js';
import type { Mailbox } from './mailbox.js';

/** Calls `listener` after commits of any process; returns a function that ends it. */
export type OnCommit = (listener: () => void) => () => void;

export type Wants = (change: Change) => boolean;

/** What somebody wanted to see of the changes after one revision and up to another. */
export interface News {
  after: number;
  upTo: number;
  /** In order of revision. At least what the listener wants; also what others do. */
  tasks: StoredTask[];
}

/** Most changes told at once. */
const PAGE = 1000;

/**
 * Tells those who wait in this process what has changed. After a commit, of whatever process, it looks once for all of
 * them at the changes that are new, reads those tasks that somebody waits for, and wakes only those who do: the cost of
 * a commit does not grow with the number of waits. It listens only while somebody waits.
 *
 * Whoever waits registers first and reads afterwards: what is committed before that read, the read has seen; what is
 * committed later, the hub will tell.
 */
export class ChangeHub {
  readonly #changes: ChangeRepository;
  readonly #onCommit: OnCommit;
  readonly #watchers = new Map<number, Set<Mailbox<StoredTask>>>();
  readonly #listeners = new Map<Mailbox<News>, Wants>();
  #stopListening: (() => void) | undefined;
  #started: Promise<void> | undefined;
  /** Everything up to this revision has been told. */
  #seen = 0;
  #isLooking = false;
  #lookAgain = false;

  constructor(changes: ChangeRepository, onCommit: OnCommit) {
    this.#changes = changes;
    this.#onCommit = onCommit;
  }

  /** Puts a task into the mailbox whenever it has changed. Resolves to a function that ends it. */
  async watch(id: number, mailbox: Mailbox<StoredTask>): Promise<() => void> {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(mailbox));
    return this.#joined(() => {
      watchers.delete(mailbox);
      if (watchers.size === 0 && this.#watchers.get(id) === watchers) this.#watchers.delete(id);
    });
  }

  /**
   * Puts the changes that are wanted into the mailbox. Resolves to a function that ends it, and to the revision up to
   * which everything had been committed before.
   */
  async listen(wants: Wants, mailbox: Mailbox<News>): Promise<{ leave: () => void; seen: number }> {
    this.#listeners.set(mailbox, wants);
    const leave = await this.#joined(() => this.#listeners.delete(mailbox));
    return { leave, seen: this.#seen };
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
    this.#seen = await this.#changes.latestRevision();
  }

  #stop(): void {
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#started = undefined;
  }

  async #look(): Promise<void> {
    this.#lookAgain = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#started;
      while (this.#lookAgain) {
        this.#lookAgain = false;
        await this.#tellNews();
      }
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #tellNews(): Promise<void> {
    const wants: Wants = (change) => this.#isWanted(change);
    for (let isLast = false; !isLast && !this.#isIdle; ) {
      const after = this.#seen;
      const page = await this.#changes.since({
        after,
        wants,
        limit: PAGE,
        characters: BYTE_LIMITS.piece,
      });
      this.#seen = page.revision;
      this.#tell(after, page);
      isLast = page.isLast;
      // A long backlog is no reason to leave other requests unanswered.
      if (!isLast) await turn();
    }
  }

  #isWanted(change: Change): boolean {
    if (this.#watchers.has(change.id)) return true;
    for (const wants of this.#listeners.values()) if (wants(change)) return true;
    return false;
  }

  #tell(after: number, { tasks, revision: upTo }: ChangePage): void {
    for (const task of tasks) {
      for (const mailbox of this.#watchers.get(task.id) ?? []) mailbox.put(task);
    }
    if (upTo > after) for (const mailbox of this.#listeners.keys()) mailbox.put({ after, upTo, tasks });
  }

  /** Whoever waits is told that it cannot go on, rather than left waiting. */
  #fail(error: Error): void {
    for (const watchers of this.#watchers.values()) for (const mailbox of watchers) mailbox.fail(error);
    for (const mailbox of this.#listeners.keys()) mailbox.fail(error);
  }
}
