import { sql } from 'drizzle-orm';
import { type DurationKind, durationBucket } from '../../../core/statistics.js';
import { minuteCounts, minuteDurations } from '../../../db/sqlite/schema.js';
import type { Tally, Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';

export type MinuteEvent = 'enqueued' | 'started' | 'completed' | 'failed';

const MINUTE_MS = 60_000;

const KINDS = ['wait', 'run'] as const;

/** Counts what happens per minute; a transaction adds its sums to the minute of its instant. */
export class History implements Tally {
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

/** The history of a writer's transactions: one for all its operations. */
const histories = new WeakMap<Transaction, History>();

export function historyOf(transaction: Transaction): History {
  const history = histories.get(transaction) ?? new History(transaction);
  histories.set(transaction, history);
  return history;
}
