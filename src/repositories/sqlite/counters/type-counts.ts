import { type SQL, sql } from 'drizzle-orm';
import type { TaskStatus } from '../../../core/task.js';
import { typeCounts } from '../../../db/sqlite/schema.js';
import type { Tally, Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import { RunningAverage } from './running-average.js';
import { move, noDifference } from './status-differences.js';

type Kind = 'wait' | 'run';

/** The average as it was, moved by the samples; the first ones where there was none. */
const movedAverage = (average: SQL, kind: Kind): SQL =>
  sql`coalesce(${average} * ${bound(`${kind}Keep`)} + ${bound(`${kind}Add`)}, ${bound(`${kind}Fresh`)})`;

function prepareAdd({ db }: Transaction) {
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
  readonly statuses = noDifference();
  readonly wait = new RunningAverage();
  readonly run = new RunningAverage();
}

/** Tasks per type and status, and how long those of a type usually take. */
export class TypeCounts implements Tally {
  readonly #add;
  readonly #types = new Map<string, TypeDifference>();

  constructor(transaction: Transaction) {
    this.#add = prepareAdd(transaction);
  }

  moved(type: string, from: TaskStatus | null, to: TaskStatus | null): void {
    move(this.#of(type).statuses, from, to);
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
