import { eq, sql } from 'drizzle-orm';
import type { TaskStatus } from '../../../core/task.js';
import { queueState } from '../../../db/sqlite/schema.js';
import type { Tally, Transaction } from '../../../db/sqlite/writer/operation.js';
import { differ, move, noDifference } from './status-differences.js';

/** Tasks per status, of the whole queue. */
export class StatusCounts implements Tally {
  readonly #add;
  #differences = noDifference();

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
    move(this.#differences, from, to);
  }

  flush(): void {
    if (differ(this.#differences)) this.#add.run(this.#differences);
    this.discard();
  }

  discard(): void {
    this.#differences = noDifference();
  }
}
