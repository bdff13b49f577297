import { sql } from 'drizzle-orm';
import { type DurationKind, durationBound, type TotalName } from '../../../core/statistics.js';
import type { TaskStatus } from '../../../core/task.js';
import { durationTotals, totals } from '../../../db/sqlite/schema.js';
import type { Tally, Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';

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

/** What a move between two statuses is counted as; null where only who moves it knows. */
function totalOf(from: TaskStatus | null, to: TaskStatus | null): TotalName | null {
  if (to === null) return 'deleted';
  if (from === null) return 'enqueued';
  if (to === 'processing') return 'started';
  if (to === 'completed') return 'completed';
  return from === 'processing' ? null : 'requeued';
}

/** Adds up for ever what happens to tasks; a transaction adds its sums. */
export class Totals implements Tally {
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
