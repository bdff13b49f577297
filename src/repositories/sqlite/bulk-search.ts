import { type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import type { FailureReason } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import {
  askedIds,
  type BulkPage,
  type BulkPlan,
  bulkCursor,
  bulkPage,
  bulkPlan,
} from '../shared/bulk-page.js';
import type { BulkSelection } from '../task-repository.js';
import { bound } from './rows.js';

/** Ids of one or two statuses, merged: a task that moves from one to the other meanwhile is still found. */
function prepareWalks({ db }: Connection) {
  const between = sql`${tasks.id} > ${bound('after')} and ${tasks.id} <= ${bound('upTo')}`;
  const of = (...conditions: SQL[]) =>
    db
      .select({ id: tasks.id })
      .from(tasks)
      .where(sql.join([...conditions, between], sql` and `));
  const byType = sql`${tasks.type} = ${bound('type')}`;
  const one = sql`${tasks.status} = ${bound('one')}`;
  const other = sql`${tasks.status} = ${bound('other')}`;
  const limit = sql.placeholder('limit');
  return {
    ofAny: unionAll(of(one), of(other)).orderBy(sql`id`).limit(limit).prepare(),
    ofType: unionAll(of(byType, one), of(byType, other)).orderBy(sql`id`).limit(limit).prepare(),
  };
}

const prepareFilter = ({ db }: Connection) =>
  db
    .select({ id: tasks.id, failureReason: tasks.failureReason })
    .from(tasks)
    .where(
      sql`${tasks.id} in (select value from json_each(${bound('ids')}))
      and +${tasks.status} in (${bound('one')}, ${bound('other')})
      and (${bound('type')} is null or +${tasks.type} = ${bound('type')})
      and (${bound('failureReason')} is null or ${tasks.failureReason} = ${bound('failureReason')})
      and ${tasks.createdAt} > ${bound('createdAfter')} and ${tasks.createdAt} < ${bound('createdBefore')}`,
    )
    .prepare();

/** Finds the tasks of a bulk change, a page at a time. */
export function bulkSearch(connection: Connection): (selection: BulkSelection, after: number) => BulkPage {
  const walks = prepareWalks(connection);
  const filterRows = prepareFilter(connection);

  const candidates = ({ filter, upTo }: BulkSelection, { one, other, limit }: BulkPlan, after: number) => {
    const { ids, type = null } = filter;
    if (ids) return askedIds(ids, after, upTo, limit);
    const walk = type === null ? walks.ofAny : walks.ofType;
    return (walk.values({ one, other, type, after, upTo, limit }) as [number][]).map(([id]) => id);
  };

  return (selection, given) => {
    const plan = bulkPlan(selection);
    if (!plan) return { ids: [], after: null, byReason: null, cancelledLeftOut: 0 };
    const { type = null, failureReason = null, createdAfter, createdBefore } = selection.filter;
    const found = candidates(selection, plan, given);
    const after = bulkCursor(found, plan.limit);
    if (!plan.readsRows) return { ids: found, after, byReason: null, cancelledLeftOut: 0 };
    const rows = filterRows.values({
      ids: JSON.stringify(found),
      one: plan.one,
      other: plan.other,
      type,
      failureReason,
      createdAfter: createdAfter ?? Number.MIN_SAFE_INTEGER,
      createdBefore: createdBefore ?? Number.MAX_SAFE_INTEGER,
    }) as [number, FailureReason | null][];
    return { ...bulkPage(plan, selection, rows), after };
  };
}
