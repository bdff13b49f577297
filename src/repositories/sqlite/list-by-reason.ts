import { and, desc, type SQL, sql } from 'drizzle-orm';
import type { FailureReason } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { ReadSharing } from '../../db/sqlite/snapshot.js';
import type { IdPage } from '../task-repository.js';
import { bound } from './bound.js';

/** Failed tasks looked at in one turn of the event loop: about a millisecond. */
const LOOK_AT = 500;

/** Most that are looked at for one page: a reason that is rare must not keep others waiting. */
const MOST_LOOKED_AT = 10_000;

export interface ReasonQuery {
  reason: FailureReason;
  type?: string | undefined;
  limit: number;
  before: number;
}

type Row = [id: number, reason: FailureReason];

function prepareWalks({ db }: Connection) {
  const failed = (...filters: SQL[]) =>
    db
      .select({ id: tasks.id, failureReason: tasks.failureReason })
      .from(tasks)
      .where(and(...filters, sql`${tasks.status} = 'failed'`, sql`${tasks.id} < ${bound('before')}`))
      .orderBy(desc(tasks.id))
      .limit(sql.placeholder('limit'))
      .prepare();
  return { ofAny: failed(), ofType: failed(sql`${tasks.type} = ${bound('type')}`) };
}

/**
 * Lists the failed tasks of one reason, newest first. No index knows reasons, so that it looks at failed tasks step by step; where
 * a page's worth is not among the first 10,000, the page ends early.
 */
export function listByReason(connection: Connection, snapshot: ReadSharing) {
  const { ofAny, ofType } = prepareWalks(connection);
  return async ({ reason, type, limit, before }: ReasonQuery): Promise<IdPage> => {
    const walk = type === undefined ? ofAny : ofType;
    const ids: number[] = [];
    let from = before;
    for (let looked = 0; looked < MOST_LOOKED_AT; looked += LOOK_AT) {
      // Also gives others a turn.
      await snapshot.fresh();
      const rows = walk.values({ type, before: from, limit: LOOK_AT }) as Row[];
      for (const [id] of rows.filter(([, of]) => of === reason)) {
        // One more than is taken tells that others follow.
        if (ids.length === limit) return { ids, next: ids.at(-1) as number };
        ids.push(id);
      }
      if (rows.length < LOOK_AT) return { ids, next: null };
      from = (rows.at(-1) as Row)[0];
    }
    return { ids, next: from };
  };
}
