import { setImmediate as turn } from 'node:timers/promises';
import { asc, sql } from 'drizzle-orm';
import { type StoredTask, type TaskStatus, textLength } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { queueState, tasks } from '../../db/sqlite/schema.js';
import type { Change, ChangedTasks, ChangeLook, ChangeRepository } from '../change-repository.js';
import { lastDeletionReader } from './operations/remove-tasks.js';
import { bound, taskReader } from './rows.js';

/** Most tasks read before yielding. */
const STEP = 100;

export class SqliteChangeRepository implements ChangeRepository {
  readonly #readChanges;
  readonly #latest;
  readonly #read;
  readonly #lastDeletion;
  readonly #missing;

  constructor(reader: Connection) {
    this.#readChanges = reader.db
      .select({ id: tasks.id, revision: tasks.revision, type: tasks.type, status: tasks.status })
      .from(tasks)
      .where(sql`${tasks.revision} > ${bound('after')}`)
      .orderBy(asc(tasks.revision))
      .limit(sql.placeholder('limit'))
      .prepare();
    this.#latest = reader.db
      .select({ revision: queueState.revision })
      .from(queueState)
      .where(sql`${queueState.id} = 1`)
      .prepare();
    this.#read = taskReader(reader);
    this.#lastDeletion = lastDeletionReader(reader);
    this.#missing = reader.client
      .prepare(
        'select value from json_each(?) where not exists (select 1 from tasks where tasks.id = json_each.value)',
      )
      .pluck();
  }

  async since(after: number, limit: number): Promise<ChangeLook> {
    const changes = this.#changes(after, limit);
    return { changes, isLast: changes.length < limit };
  }

  async horizon(): Promise<number> {
    return this.#latest.get()?.revision ?? 0;
  }

  async hasGivenOut(revision: number): Promise<boolean> {
    return revision <= (await this.horizon());
  }

  async lastDeletion(): Promise<number> {
    return this.#lastDeletion();
  }

  async missing(ids: readonly number[]): Promise<number[]> {
    return this.#missing.all(JSON.stringify(ids)) as number[];
  }

  /** As bare values: this runs at every commit while there are readers. */
  #changes(after: number, limit: number): Change[] {
    const rows = this.#readChanges.values({ after, limit }) as [number, number, string, TaskStatus][];
    return rows.map(([id, revision, type, status]) => ({ id, revision, type, status }));
  }

  async read(changes: readonly Change[], characters: number): Promise<ChangedTasks> {
    const tasks: StoredTask[] = [];
    let length = 0;
    for (const [at, { id, revision }] of changes.entries()) {
      if (at > 0 && at % STEP === 0) await turn();
      const task = this.#read(id);
      // It must not overtake those that precede its later change.
      if (task?.revision !== revision) continue;
      length += textLength(task);
      const last = tasks.at(-1);
      if (last && length > characters) return { tasks, upTo: last.revision };
      tasks.push(task);
    }
    return { tasks, upTo: null };
  }
}
