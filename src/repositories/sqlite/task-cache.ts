import { type StoredTask, textLength } from '../../domain/stored-task.js';

/** Characters of all tasks that are remembered: with the JSON text of their answers, about 64 MB at most. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** Larger tasks are not cached. */
const MAX_TASK_CHARACTERS = 3_000;

/** What a task takes besides its texts. */
const OVERHEAD = 500;

const sizeOf = (task: StoredTask): number => textLength(task) + OVERHEAD;

/** The tasks that were read last, by id. Callers must check the revision; equal revisions mean an identical task. */
export class TaskCache {
  readonly #tasks = new Map<number, StoredTask>();
  #characters = 0;

  /** Whether the task is remembered, of whatever revision. */
  has(id: number): boolean {
    return this.#tasks.has(id);
  }

  /** The remembered task, when it is of this revision. */
  get(id: number, revision: number): StoredTask | undefined {
    const task = this.#tasks.get(id);
    return task?.revision === revision ? task : undefined;
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
