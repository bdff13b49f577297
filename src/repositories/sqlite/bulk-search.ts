import { type SQL, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import { type BulkPreview, eligibleStatuses, type ReasonCounts, skipsCancelled } from '../../core/bulk.js';
import type { FailureReason } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { BulkCursor, BulkSelection } from '../task-repository.js';
import { bound } from './rows.js';

/** Tasks looked at in one step: where an index tells all, and where their rows must be read. */
const LOOK_AT_IDS = 2_000;
const LOOK_AT_ROWS = 500;

export interface BulkPage extends Omit<BulkPreview, 'matched'> {
  /** Those that match, by growing ids. */
  ids: number[];
  after: BulkCursor;
}

/** Ids of one or two statuses, merged: a task that goes from one to the other while this goes on is met nevertheless. */
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

type Row = [id: number, reason: FailureReason | null];

function countReasons(rows: readonly Row[]): ReasonCounts {
  const counts: ReasonCounts = {};
  for (const [, reason] of rows) if (reason !== null) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** Finds the tasks that a bulk change is about, a page at a time. */
export function bulkSearch(connection: Connection): (selection: BulkSelection, after: number) => BulkPage {
  const walks = prepareWalks(connection);
  const filterRows = prepareFilter(connection);

  const candidates = ({ filter, upTo }: BulkSelection, statuses: object, after: number, limit: number) => {
    const { ids, type = null } = filter;
    if (!ids) {
      const walk = type === null ? walks.ofAny : walks.ofType;
      return (walk.values({ ...statuses, type, after, upTo, limit }) as [number][]).map(([id]) => id);
    }
    const asked = [...new Set(ids)].filter((id) => id > after && id <= upTo);
    return asked.sort((a, b) => a - b).slice(0, limit);
  };

  return (selection, after) => {
    const { ids, type = null, failureReason = null, createdAfter, createdBefore } = selection.filter;
    const [one, other = null] = eligibleStatuses(selection.action, selection.filter);
    if (one === undefined) return { ids: [], after: null, byReason: null, cancelledLeftOut: 0 };
    const areAllFailed = one === 'failed' && other === null;
    const readsRows =
      areAllFailed || ids !== undefined || createdAfter !== undefined || createdBefore !== undefined;
    const limit = readsRows ? LOOK_AT_ROWS : LOOK_AT_IDS;
    const found = candidates(selection, { one, other }, after, limit);
    const next = found.length < limit ? null : (found.at(-1) as number);
    if (!readsRows) return { ids: found, after: next, byReason: null, cancelledLeftOut: 0 };
    const rows = filterRows.values({
      ids: JSON.stringify(found),
      one,
      other,
      type,
      failureReason,
      createdAfter: createdAfter ?? Number.MIN_SAFE_INTEGER,
      createdBefore: createdBefore ?? Number.MAX_SAFE_INTEGER,
    }) as Row[];
    const sparing = skipsCancelled(selection.action, selection.filter);
    const met = sparing ? rows.filter(([, reason]) => reason !== 'cancelled') : rows;
    return {
      ids: met.map(([id]) => id).sort((a, b) => a - b),
      after: next,
      byReason: areAllFailed ? countReasons(met) : null,
      cancelledLeftOut: rows.length - met.length,
    };
  };
}
