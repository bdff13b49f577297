import type { StoredTask } from '../../domain/stored-task.js';

/** Tasks that are remembered. */
const MAX_TASKS = 10_000;

/** A task with more JSON text than this is read anew each time: bounds the memory. */
const MAX_CHARACTERS = 2_000;

/** Tells states of one task apart: every change raises the revision, except that a lease is renewed quietly. */
export type TaskVersion = number | string;

/** The version of a task in SQL. */
export const VERSION_SQL =
  "case when lease_until is null then revision else revision || ' ' || lease_until end";

const versionOf = ({ revision, leaseUntil }: StoredTask): TaskVersion =>
  leaseUntil === null ? revision : `${revision} ${leaseUntil}`;

/** The tasks that were read last, by id. Whoever uses one compares its version with the database's first. */
export class TaskCache {
  readonly #tasks = new Map<number, StoredTask>();

  /** Whether the task is remembered, of whatever version. */
  has(id: number): boolean {
    return this.#tasks.has(id);
  }

  /** The remembered task, when it is of this version. */
  get(id: number, version: TaskVersion): StoredTask | undefined {
    const task = this.#tasks.get(id);
    return task && versionOf(task) === version ? task : undefined;
  }

  remember(task: StoredTask): void {
    if (task.payload.length + (task.result?.length ?? 0) > MAX_CHARACTERS) return;
    // Oldest first out: a map remembers the order of insertion.
    this.#tasks.delete(task.id);
    this.#tasks.set(task.id, Object.freeze(task));
    if (this.#tasks.size > MAX_TASKS) this.#tasks.delete(this.#tasks.keys().next().value as number);
  }
}
