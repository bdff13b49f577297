import { setImmediate as turn } from 'node:timers/promises';
import { asc, sql } from 'drizzle-orm';
import { BYTE_LIMITS } from '../../core/limits.js';
import { type StoredTask, type TaskStatus, textLength } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { queueState, tasks } from '../../db/sqlite/schema.js';
import type { Change, ChangePage, ChangeQuery, ChangeRepository } from '../change-repository.js';
import { lastDeletionReader } from './operations/remove-tasks.js';
import { bound, taskReader } from './rows.js';

/** Most changes looked at for one page, whether they are wanted or not: bounds the cost of a filter that finds little. */
const MAX_LOOKED_AT = 1000;

/** Most tasks read before others have a turn. */
const STEP = 100;

/** The first `limit` of the changes that are wanted, and up to which revision they were looked at. */
function selectChanges(changes: readonly Change[], { after, filter, limit }: ChangeQuery) {
  const chosen: Change[] = [];
  let revision = after;
  for (const change of changes) {
    if (!filter || filter(change)) {
      if (chosen.length === limit) return { chosen, revision, isCut: true };
      chosen.push(change);
    }
    revision = change.revision;
  }
  return { chosen, revision, isCut: false };
}

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

  async since(query: ChangeQuery): Promise<ChangePage> {
    const { after, filter, limit, lookAt: most = MAX_LOOKED_AT, characters = BYTE_LIMITS.page } = query;
    const lookAt = filter ? most : limit;
    const changes = this.#changes(after, lookAt);
    const { chosen, revision, isCut } = selectChanges(changes, query);
    const { tasks, upTo } = await this.#asLookedAt(chosen, characters);
    if (upTo !== null) return { tasks, revision: upTo, isLast: false };
    return { tasks, revision, isLast: !isCut && changes.length < lookAt };
  }

  async latestRevision(): Promise<number> {
    return this.#latest.get()?.revision ?? 0;
  }

  async lastDeletion(): Promise<number> {
    return this.#lastDeletion();
  }

  async missing(ids: readonly number[]): Promise<number[]> {
    return this.#missing.all(JSON.stringify(ids)) as number[];
  }

  /** As bare values: this runs at every commit while somebody waits. */
  #changes(after: number, limit: number): Change[] {
    const rows = this.#readChanges.values({ after, limit }) as [number, number, string, TaskStatus][];
    return rows.map(([id, revision, type, status]) => ({ id, revision, type, status }));
  }

  /**
   * Leaves out what has changed again meanwhile: that is a later change now, and must not overtake those before it. Where
   * there is more text than asked for, `upTo` is the revision of the last that is answered.
   */
  async #asLookedAt(
    changes: readonly Change[],
    characters: number,
  ): Promise<{ tasks: StoredTask[]; upTo: number | null }> {
    const tasks: StoredTask[] = [];
    let length = 0;
    for (const [at, { id, revision }] of changes.entries()) {
      if (at > 0 && at % STEP === 0) await turn();
      const task = this.#read(id);
      if (task?.revision !== revision) continue;
      length += textLength(task);
      const last = tasks.at(-1);
      if (last && length > characters) return { tasks, upTo: last.revision };
      tasks.push(task);
    }
    return { tasks, upTo: null };
  }
}
