import { sql } from 'drizzle-orm';
import {
  type DurationKind,
  durationBound,
  durationBucket,
  type TotalName,
} from '../../../core/statistics.js';
import type { TaskStatus } from '../../../core/task.js';
import { durationTotals, minuteCounts, minuteDurations, totals } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import type { Tally } from '../../../db/writer/writer.js';
import { totalOf } from '../../shared/counting.js';
import { bound } from '../rows.js';

const KINDS = ['wait', 'run'] as const;

function prepareAdd({ db }: Transaction) {
  return db
    .insert(totals)
    .values({ name: bound('name'), count: bound('count') })
    .onConflictDoUpdate({ target: totals.name, set: { count: sql`count + excluded.count` } })
    .prepare();
}

function prepareAddDurations({ db }: Transaction) {
  return db
    .insert(durationTotals)
    .values({ kind: bound('kind'), bucket: bound('bucket'), count: bound('count') })
    .onConflictDoUpdate({
      target: [durationTotals.kind, durationTotals.bucket],
      set: { count: sql`count + excluded.count` },
    })
    .prepare();
}

/** Adds up the totals of events; a transaction adds its sums. */
export class TotalsTally implements Tally {
  readonly #add;
  readonly #addDurations;
  readonly #counts = new Map<TotalName, number>();
  readonly #durations = { wait: new Map<number, number>(), run: new Map<number, number>() };

  constructor(transaction: Transaction) {
    this.#add = prepareAdd(transaction);
    this.#addDurations = prepareAddDurations(transaction);
  }

  add(name: TotalName, count = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + count);
  }

  moved(from: TaskStatus | null, to: TaskStatus | null): void {
    const name = totalOf(from, to);
    if (name) this.add(name);
  }

  took(kind: DurationKind, milliseconds: number): void {
    const bucket = durationBound(milliseconds);
    const counts = this.#durations[kind];
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    this.add(`${kind}_ms`, milliseconds);
  }

  flush(): void {
    for (const [name, count] of this.#counts) this.#add.run({ name, count });
    for (const kind of KINDS) {
      for (const [bucket, count] of this.#durations[kind]) this.#addDurations.run({ kind, bucket, count });
    }
    this.discard();
  }

  discard(): void {
    this.#counts.clear();
    this.#durations.wait.clear();
    this.#durations.run.clear();
  }
}

export type MinuteEvent = 'enqueued' | 'started' | 'completed' | 'failed';

const MINUTE_MS = 60_000;

/** Counts events per minute; a transaction adds its sums to the minute of its instant. */
export class MinuteTally implements Tally {
  readonly #now: () => number;
  readonly #addCounts;
  readonly #addDurations;
  #counts = { enqueued: 0, started: 0, completed: 0, failed: 0 };
  #durations = { wait: new Map<number, number>(), run: new Map<number, number>() };
  #isEmpty = true;

  constructor({ db, now, addTally }: Transaction) {
    this.#now = now;
    this.#addCounts = db
      .insert(minuteCounts)
      .values({
        minute: bound('minute'),
        enqueued: bound('enqueued'),
        started: bound('started'),
        completed: bound('completed'),
        failed: bound('failed'),
      })
      .onConflictDoUpdate({
        target: minuteCounts.minute,
        set: {
          enqueued: sql`enqueued + excluded.enqueued`,
          started: sql`started + excluded.started`,
          completed: sql`completed + excluded.completed`,
          failed: sql`failed + excluded.failed`,
        },
      })
      .prepare();
    this.#addDurations = db
      .insert(minuteDurations)
      .values({
        minute: bound('minute'),
        kind: bound('kind'),
        bucket: bound('bucket'),
        count: bound('count'),
      })
      .onConflictDoUpdate({
        target: [minuteDurations.minute, minuteDurations.kind, minuteDurations.bucket],
        set: { count: sql`count + excluded.count` },
      })
      .prepare();
    addTally(this);
  }

  add(event: MinuteEvent, count = 1): void {
    this.#counts[event] += count;
    this.#isEmpty = false;
  }

  addDuration(kind: DurationKind, milliseconds: number): void {
    const bucket = durationBucket(milliseconds);
    this.#durations[kind].set(bucket, (this.#durations[kind].get(bucket) ?? 0) + 1);
  }

  flush(): void {
    if (this.#isEmpty) return;
    const minute = Math.floor(this.#now() / MINUTE_MS);
    this.#addCounts.run({ minute, ...this.#counts });
    for (const kind of KINDS) {
      for (const [bucket, count] of this.#durations[kind])
        this.#addDurations.run({ minute, kind, bucket, count });
    }
    this.discard();
  }

  discard(): void {
    this.#counts = { enqueued: 0, started: 0, completed: 0, failed: 0 };
    this.#durations.wait.clear();
    this.#durations.run.clear();
    this.#isEmpty = true;
  }
}

/** The history of a writer's transactions, shared by all its operations. */
const minuteTallies = new WeakMap<Transaction, MinuteTally>();

export function minuteTallyOf(transaction: Transaction): MinuteTally {
  const history = minuteTallies.get(transaction) ?? new MinuteTally(transaction);
  minuteTallies.set(transaction, history);
  return history;
}
