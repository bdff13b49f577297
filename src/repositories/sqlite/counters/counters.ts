import type { DurationKind, TotalName } from '../../../core/statistics.js';
import type { FailureReason, TaskStatus } from '../../../core/task.js';
import type { Tally, Transaction } from '../../../db/sqlite/writer/operation.js';
import { LaneCounts, type LaneKey } from './lane-counts.js';
import { StatusCounts } from './status-counts.js';
import { Totals } from './totals.js';
import { TypeCounts } from './type-counts.js';

/** What of a task is counted. */
export type CountedTask = LaneKey;

/**
 * Keeps the counts of tasks by status, type and lane, and the totals of what has happened: every operation that changes a
 * task says so here, and the sums are written with the transaction they belong to. Much cheaper than triggers, which write
 * for each row; a recount (`auditDatabase`) says whether an operation forgot to.
 */
export class Counters implements Tally {
  readonly #statuses: StatusCounts;
  readonly #types: TypeCounts;
  readonly #lanes: LaneCounts;
  readonly #totals: Totals;

  constructor(transaction: Transaction) {
    this.#statuses = new StatusCounts(transaction);
    this.#types = new TypeCounts(transaction);
    this.#lanes = new LaneCounts(transaction);
    this.#totals = new Totals(transaction);
    transaction.addTally(this);
  }

  /** A task of this type went from one status to another; null is for not being there. */
  moved(type: string, from: TaskStatus | null, to: Exclude<TaskStatus, 'failed'> | null): void {
    this.#move(type, from, to);
    this.#totals.moved(from, to);
  }

  /** A task of another database is here from now on, as it was there. */
  added(type: string, status: TaskStatus): void {
    this.#move(type, null, status);
    this.#totals.add('enqueued');
  }

  /** A task of this type failed for good. */
  failed(type: string, from: TaskStatus, reason: FailureReason): void {
    this.#move(type, from, 'failed');
    this.#totals.add(`failed:${reason}`);
  }

  /** What happened to a task cannot be told from its statuses alone. */
  happened(what: TotalName): void {
    this.#totals.add(what);
  }

  /** One task more, or less (-1), is due in its lane. */
  due(task: CountedTask, difference: 1 | -1): void {
    this.#lanes.add(task, difference);
  }

  /** How long a task of this type waited to be claimed, or took to complete, in milliseconds. */
  took(kind: DurationKind, type: string, milliseconds: number): void {
    const taken = Math.max(milliseconds, 0);
    this.#types.took(kind, type, taken);
    this.#totals.took(kind, taken);
  }

  /** Writes what is due where, for an operation that is about to read it. */
  flushLanes(): void {
    this.#lanes.flush();
  }

  flush(): void {
    this.#statuses.flush();
    this.#types.flush();
    this.#lanes.flush();
    this.#totals.flush();
  }

  discard(): void {
    this.#statuses.discard();
    this.#types.discard();
    this.#lanes.discard();
    this.#totals.discard();
  }

  #move(type: string, from: TaskStatus | null, to: TaskStatus | null): void {
    this.#statuses.moved(from, to);
    this.#types.moved(type, from, to);
  }
}

/** The counters of a writer's transactions: one set for all its operations. */
const counters = new WeakMap<Transaction, Counters>();

export function countersOf(transaction: Transaction): Counters {
  const known = counters.get(transaction) ?? new Counters(transaction);
  counters.set(transaction, known);
  return known;
}
