import { sql } from 'drizzle-orm';
import {
  type FinishedStatus,
  HISTORY_KEPT_MS,
  type LiveStatus,
  typeMatcher,
} from '../../../core/maintenance.js';
import { LOG_LEVELS } from '../../../core/task-log.js';
import {
  auditEntries,
  lanes,
  minuteCounts,
  minuteDurations,
  taskLogs,
  tasks,
} from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import type { SweepQuery, SweepStep } from '../../retention-repository.js';
import { type ExpiredTasks, expiredAmong } from '../../shared/sweep.js';
import { bound } from '../rows.js';
import { logRemover, MOST_ENTRIES, taskRemover } from './remove-tasks.js';

/** Deletes finished tasks that are no longer kept, oldest first, with their logs. */
export const pruneTasks = ((transaction) => {
  const walk = expiredTaskFinder(transaction);
  const remove = taskRemover(transaction);
  return (args) => {
    const { ids, cursor, isEnd } = walk(args);
    const { deleted, isDone } = remove(ids);
    return isDone ? { deleted, cursor, isEnd } : { deleted, cursor: args.after, isEnd: false };
  };
}) satisfies Operation<SweepQuery<FinishedStatus>, SweepStep>;

/** Deletes the logs of tasks that ended long ago. Entries derived from a task's row stay as long as the task. */
export const pruneLogsOfFinished = ((transaction) => {
  const walk = expiredTaskFinder(transaction);
  const remove = logRemover(transaction);
  return (args) => {
    const { ids, cursor, isEnd } = walk(args);
    const deleted = ids.length === 0 ? 0 : remove(ids);
    return deleted < MOST_ENTRIES
      ? { deleted, cursor, isEnd }
      : { deleted, cursor: args.after, isEnd: false };
  };
}) satisfies Operation<SweepQuery<FinishedStatus>, SweepStep>;

/**
 * Deletes old entries of one task's log. Entries of a level are in the order of time: if the oldest is young enough,
 * the rest is skipped. Returns how many were deleted, `limit` at most.
 */
function oldEntryRemover({ db }: Transaction) {
  const oldest = db
    .select({ id: taskLogs.id, at: taskLogs.at })
    .from(taskLogs)
    .where(sql`${taskLogs.taskId} = ${bound('taskId')} and ${taskLogs.level} = ${bound('level')}`)
    .orderBy(taskLogs.id)
    .limit(sql.placeholder('limit'))
    .prepare();
  const remove = db
    .delete(taskLogs)
    .where(
      sql`${taskLogs.taskId} = ${bound('taskId')} and ${taskLogs.level} = ${bound('level')} and ${taskLogs.id} <= ${bound('last')}`,
    )
    .prepare();
  const removeOfLevel = (taskId: number, level: string, cutoff: number, limit: number): number => {
    const [first] = oldest.all({ taskId, level, limit: 1 });
    if (!first || first.at > cutoff) return 0;
    const old = oldest.all({ taskId, level, limit }).filter(({ at }) => at <= cutoff);
    return remove.run({ taskId, level, last: old.at(-1)?.id }).changes;
  };
  return (taskId: number, cutoff: number, limit: number): number => {
    let deleted = 0;
    for (const level of LOG_LEVELS) {
      if (deleted < limit) deleted += removeOfLevel(taskId, level, cutoff, limit - deleted);
    }
    return deleted;
  };
}

/** Deletes old entries from the logs of tasks that live longer than their entries are kept. */
export const pruneLogsOfLive = ((transaction) => {
  const removeOld = oldEntryRemover(transaction);
  const look = transaction.db
    .select({ id: tasks.id, at: tasks.createdAt, type: tasks.type })
    .from(tasks)
    .where(sql`${tasks.status} = ${bound('status')} and ${tasks.id} > ${bound('id')}`)
    .orderBy(tasks.id)
    .limit(sql.placeholder('limit'))
    .prepare();
  return ({ status, rule, after, limit }) => {
    const cutoff = transaction.now() - rule.keptMs;
    const matches = typeMatcher(rule.types);
    const found = look.all({ status, id: after.id, limit });
    let cursor = after;
    let deleted = 0;
    for (const { id, at, type } of found) {
      // Younger tasks have no such entries, nor do those after them.
      if (at > cutoff) return { deleted, cursor, isEnd: true };
      if (matches(type)) deleted += removeOld(id, cutoff, MOST_ENTRIES - deleted);
      if (deleted >= MOST_ENTRIES) return { deleted, cursor, isEnd: false };
      cursor = { at, id };
    }
    return { deleted, cursor, isEnd: found.length < limit };
  };
}) satisfies Operation<SweepQuery<LiveStatus>, SweepStep>;

/**
 * Finds finished tasks that a rule no longer keeps, a number of them from a cursor on. Those of other types are looked
 * at once and skipped: an index that began with the type would have to be searched once for each type.
 */
export function expiredTaskFinder({
  db,
  now,
}: Transaction): (walk: SweepQuery<FinishedStatus>) => ExpiredTasks {
  const look = db
    .select({ id: tasks.id, at: sql<number>`finished_at`, type: tasks.type })
    .from(tasks)
    .where(
      sql`${tasks.status} = ${bound('status')} and finished_at <= ${bound('cutoff')} and (finished_at, id) > (${bound('at')}, ${bound('id')})`,
    )
    .orderBy(tasks.finishedAt, tasks.id)
    .limit(sql.placeholder('limit'))
    .prepare();
  return (walk) => {
    const { status, rule, after, limit } = walk;
    const found = look.all({ status, cutoff: now() - rule.keptMs, ...after, limit });
    return expiredAmong(found, walk, now());
  };
}

export interface PruneAuditArgs {
  keptMs: number;
  limit: number;
}

/**
 * Deletes the oldest entries of the audit log that are no longer kept. Ids grow with time: only the first are looked
 * at.
 */
export const pruneAudit = (({ db, now }) => {
  const oldest = db
    .select({ id: auditEntries.id, at: auditEntries.at })
    .from(auditEntries)
    .where(sql`${auditEntries.id} > 0`)
    .orderBy(auditEntries.id)
    .limit(sql.placeholder('limit'))
    .prepare();
  const remove = db
    .delete(auditEntries)
    .where(sql`${auditEntries.id} <= ${bound('last')}`)
    .prepare();
  return ({ keptMs, limit }) => {
    const cutoff = now() - keptMs;
    const found = oldest.all({ limit });
    const firstYoung = found.findIndex(({ at }) => at > cutoff);
    const old = firstYoung === -1 ? found : found.slice(0, firstYoung);
    const last = old.at(-1);
    return last ? remove.run({ last: last.id }).changes : 0;
  };
}) satisfies Operation<PruneAuditArgs, number>;

/** Deletes old counts per minute, and lanes in which nothing is due. */
export const pruneCounts = (({ db, now }) => {
  const deleteCounts = db
    .delete(minuteCounts)
    .where(sql`${minuteCounts.minute} < ${bound('minute')}`)
    .prepare();
  const deleteDurations = db
    .delete(minuteDurations)
    .where(sql`${minuteDurations.minute} < ${bound('minute')}`)
    .prepare();
  // The newest lane stays, so that ids of lanes only grow.
  const deleteEmptyLanes = db
    .delete(lanes)
    .where(sql`${lanes.due} = 0 and ${lanes.id} < (select max(id) from lanes)`)
    .prepare();
  return () => {
    const minute = Math.floor((now() - HISTORY_KEPT_MS) / 60_000);
    deleteCounts.run({ minute });
    deleteDurations.run({ minute });
    deleteEmptyLanes.run();
  };
}) satisfies Operation<null, void>;

/** Pages freed in one transaction: some are moved from the end of the file to free places. */
const INCREMENTAL_VACUUM = 'pragma incremental_vacuum(128)';

/** Free pages that stay: the queue will need them again, and moving pages back and forth costs writes. */
const SPARE_PAGES = 64;
const SPARE_SHARE = 0.05;

/** Returns a little of the file's free space to the disk. Returns whether there is more. */
export const incrementalVacuum = (({ client }) => {
  const count = (pragma: string) => Number(client.pragma(pragma, { simple: true }));
  const isIncremental = count('auto_vacuum') === 2;
  const spare = () => Math.max(SPARE_PAGES, count('page_count') * SPARE_SHARE);
  return () => {
    if (!isIncremental || count('freelist_count') <= spare()) return false;
    // Not prepared: the driver would step such a statement once, and each step frees one page.
    client.exec(INCREMENTAL_VACUUM);
    return count('freelist_count') > spare();
  };
}) satisfies Operation<null, boolean>;
