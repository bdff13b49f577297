import { sql } from 'drizzle-orm';
import { type FinishedStatus, type LiveStatus, typeMatcher } from '../../../core/maintenance.js';
import { LOG_LEVELS } from '../../../core/task-log.js';
import { taskLogs, tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import type { Walk, WalkStep } from '../../retention-repository.js';
import { bound } from '../bound.js';
import { finishedWalk } from './finished-walk.js';
import { logRemover, MOST_ENTRIES } from './log-remover.js';

/** Deletes the logs of tasks that ended long ago. What a task's row tells by itself stays as long as the task. */
export const pruneLogsOfFinished = ((transaction) => {
  const walk = finishedWalk(transaction);
  const remove = logRemover(transaction);
  return (args) => {
    const { ids, place, isEnd } = walk(args);
    const deleted = ids.length === 0 ? 0 : remove(ids);
    return deleted < MOST_ENTRIES ? { deleted, place, isEnd } : { deleted, place: args.after, isEnd: false };
  };
}) satisfies Operation<Walk<FinishedStatus>, WalkStep>;

/**
 * Deletes old entries of one task's log. Entries of a level are in the order of time: where the oldest is young enough, the
 * rest is not looked at. Returns how many are gone, `limit` at most.
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
    let place = after;
    let deleted = 0;
    for (const { id, at, type } of found) {
      // A task younger than that has no such entry, nor have those that came after it.
      if (at > cutoff) return { deleted, place, isEnd: true };
      if (matches(type)) deleted += removeOld(id, cutoff, MOST_ENTRIES - deleted);
      if (deleted >= MOST_ENTRIES) return { deleted, place, isEnd: false };
      place = { at, id };
    }
    return { deleted, place, isEnd: found.length < limit };
  };
}) satisfies Operation<Walk<LiveStatus>, WalkStep>;
