import type { StoredTask } from '../../domain/stored-task.js';

/** Tasks that are remembered. */
const MAX_TASKS = 10_000;

/** A task with more JSON text than this is read anew each time: bounds the memory. */
const MAX_CHARACTERS = 2_000;

/**
 * The tasks that were read last, by id. Whoever uses one compares its revision with the database's first: every change of
 * a task raises it, so that equal revisions mean equal tasks.
 */
export class TaskCache {
  readonly #tasks = new Map<number, StoredTask>();

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
    if (task.payload.length + (task.result?.length ?? 0) > MAX_CHARACTERS) return;
    // Oldest first out: a map remembers the order of insertion.
    this.#tasks.delete(task.id);
    this.#tasks.set(task.id, Object.freeze(task));
    if (this.#tasks.size > MAX_TASKS) this.#tasks.delete(this.#tasks.keys().next().value as number);
  }
}
