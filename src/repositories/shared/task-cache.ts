import { type StoredTask, textLength } from '../../core/task.js';

/** Characters of all cached tasks: with the JSON text of their answers, about 64 MB at most. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** Larger tasks are not cached. */
const MAX_TASK_CHARACTERS = 3_000;

/** Distinguishes states of one task: every change raises the revision, except the renewal of a lease. */
export type TaskVersion = number | string;

const versionOf = ({ revision, leaseUntil }: StoredTask): TaskVersion =>
  leaseUntil === null ? revision : `${revision} ${leaseUntil}`;

/** The size of a task besides its texts. */
const OVERHEAD = 500;

const sizeOf = (task: StoredTask): number => textLength(task) + OVERHEAD;

/** The most recently read tasks, by id. Callers must check the version; equal versions mean an identical task. */
export class TaskCache {
  readonly #tasks = new Map<number, StoredTask>();
  #characters = 0;

  /** Whether the task is cached, in any version. */
  has(id: number): boolean {
    return this.#tasks.has(id);
  }

  /** The cached task, if it is of this version. */
  get(id: number, version: TaskVersion): StoredTask | undefined {
    const task = this.#tasks.get(id);
    return task && versionOf(task) === version ? task : undefined;
  }

  remember(task: StoredTask): void {
    this.#forget(task.id);
    if (sizeOf(task) > MAX_TASK_CHARACTERS) return;
    this.#tasks.set(task.id, Object.freeze(task));
    this.#characters += sizeOf(task);
    // FIFO eviction (Map keeps insertion order).
    while (this.#characters > MAX_CHARACTERS) this.#forget(this.#tasks.keys().next().value as number);
  }

  #forget(id: number): void {
    const task = this.#tasks.get(id);
    if (!task) return;
    this.#tasks.delete(id);
    this.#characters -= sizeOf(task);
  }
}
