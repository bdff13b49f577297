import { eq, type SQL, sql } from 'drizzle-orm';
import type { DurationKind, TotalName } from '../../../core/statistics.js';
import type { FailureReason, TaskStatus } from '../../../core/task.js';
import { queueState, typeCounts } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import type { Tally } from '../../../db/writer/writer.js';
import { countMove, hasDifferences, noDifferences, RunningAverage } from '../../shared/counting.js';
import { bound } from '../rows.js';
import { type LaneKey, LaneTally } from './lane-counts.js';
import { TotalsTally } from './totals.js';

/** The fields of a task that counts depend on. */
export type CountedTask = LaneKey;

/**
 * Keeps the counts of tasks by status, type and lane, and the totals: every operation that changes a task reports it
 * here, and the sums are written with its transaction. Much cheaper than triggers, which write for each row; a recount
 * (`auditDatabase`) finds forgotten reports.
 */
export class Counters implements Tally {
  readonly #statuses: StatusTally;
  readonly #types: TypeTally;
  readonly #lanes: LaneTally;
  readonly #totals: TotalsTally;

  constructor(transaction: Transaction) {
    this.#statuses = new StatusTally(transaction);
    this.#types = new TypeTally(transaction);
    this.#lanes = new LaneTally(transaction);
    this.#totals = new TotalsTally(transaction);
    transaction.addTally(this);
  }

  /** A task of this type moved from one status to another; null before it exists and after it is deleted. */
  moved(type: string, from: TaskStatus | null, to: Exclude<TaskStatus, 'failed'> | null): void {
    this.#move(type, from, to);
    this.#totals.moved(from, to);
  }

  /** A task of another database was imported with its status. */
  added(type: string, status: TaskStatus): void {
    this.#move(type, null, status);
    this.#totals.add('enqueued');
  }

  /** A task of this type failed permanently. */
  failed(type: string, from: TaskStatus, reason: FailureReason): void {
    this.#move(type, from, 'failed');
    this.#totals.add(`failed:${reason}`);
  }

  /** Counts an event that does not follow from a task's statuses. */
  happened(what: TotalName): void {
    this.#totals.add(what);
  }

  /** One more (1) or less (-1) task is due in its lane. */
  due(task: CountedTask, difference: 1 | -1): void {
    this.#lanes.add(task, difference);
  }

  /** The time that a task of this type waited to be claimed, or took to complete, in milliseconds. */
  took(kind: DurationKind, type: string, milliseconds: number): void {
    const taken = Math.max(milliseconds, 0);
    this.#types.took(kind, type, taken);
    this.#totals.took(kind, taken);
  }

  /** Writes the lanes, for an operation that is about to read them. */
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

/** The counters of a writer's transactions, shared by all its operations. */
const countersByTransaction = new WeakMap<Transaction, Counters>();

export function countersOf(transaction: Transaction): Counters {
  const known = countersByTransaction.get(transaction) ?? new Counters(transaction);
  countersByTransaction.set(transaction, known);
  return known;
}

/** Tasks per status, of the whole queue. */
export class StatusTally implements Tally {
  readonly #add;
  #differences = noDifferences();

  constructor({ db }: Transaction) {
    const plus = (status: TaskStatus) => sql`${queueState[status]} + ${sql.placeholder(status)}`;
    this.#add = db
      .update(queueState)
      .set({
        queued: plus('queued'),
        processing: plus('processing'),
        completed: plus('completed'),
        failed: plus('failed'),
      })
      .where(eq(queueState.id, 1))
      .prepare();
  }

  moved(from: TaskStatus | null, to: TaskStatus | null): void {
    countMove(this.#differences, from, to);
  }

  flush(): void {
    if (hasDifferences(this.#differences)) this.#add.run(this.#differences);
    this.discard();
  }

  discard(): void {
    this.#differences = noDifferences();
  }
}

type Kind = 'wait' | 'run';

/** The stored average, moved by the samples; their own if there was none. */
const movedAverage = (average: SQL, kind: Kind): SQL =>
  sql`coalesce(${average} * ${bound(`${kind}Keep`)} + ${bound(`${kind}Add`)}, ${bound(`${kind}Fresh`)})`;

function prepareAddToType({ db }: Transaction) {
  return db
    .insert(typeCounts)
    .values({
      type: bound('type'),
      queued: bound('queued'),
      processing: bound('processing'),
      completed: bound('completed'),
      failed: bound('failed'),
      waitMs: bound('waitFresh'),
      runMs: bound('runFresh'),
    })
    .onConflictDoUpdate({
      target: typeCounts.type,
      set: {
        queued: sql`queued + excluded.queued`,
        processing: sql`processing + excluded.processing`,
        completed: sql`completed + excluded.completed`,
        failed: sql`failed + excluded.failed`,
        waitMs: movedAverage(sql`wait_ms`, 'wait'),
        runMs: movedAverage(sql`run_ms`, 'run'),
      },
    })
    .prepare();
}

class TypeDifference {
  readonly statuses = noDifferences();
  readonly wait = new RunningAverage();
  readonly run = new RunningAverage();
}

/** Tasks per type and status, and typical durations per type. */
export class TypeTally implements Tally {
  readonly #add;
  readonly #types = new Map<string, TypeDifference>();

  constructor(transaction: Transaction) {
    this.#add = prepareAddToType(transaction);
  }

  moved(type: string, from: TaskStatus | null, to: TaskStatus | null): void {
    countMove(this.#of(type).statuses, from, to);
  }

  took(kind: Kind, type: string, milliseconds: number): void {
    this.#of(type)[kind].sample(milliseconds);
  }

  flush(): void {
    for (const [type, { statuses, wait, run }] of this.#types) {
      this.#add.run({
        type,
        ...statuses,
        waitKeep: wait.keep,
        waitAdd: wait.add,
        waitFresh: wait.fresh,
        runKeep: run.keep,
        runAdd: run.add,
        runFresh: run.fresh,
      });
    }
    this.discard();
  }

  discard(): void {
    this.#types.clear();
  }

  #of(type: string): TypeDifference {
    const known = this.#types.get(type) ?? new TypeDifference();
    this.#types.set(type, known);
    return known;
  }
}
