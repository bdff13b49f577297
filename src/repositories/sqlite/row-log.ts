import { type SQL, sql } from 'drizzle-orm';
import { LOGGED_AS, type LogLevel } from '../../core/task-log.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';

const textOf = (words: string): SQL => sql.raw(`'${words}'`);

/** The columns of a log entry, in the order of the table. */
const entry = (id: SQL, at: SQL, message: SQL) => ({
  id: sql<number>`${id}`.as('id'),
  taskId: sql<number>`${tasks.id}`.as('task_id'),
  at: sql<number>`${at}`.as('at'),
  level: sql<LogLevel>`'info'`.as('level'),
  message: sql<string>`${message}`.as('message'),
  details: sql<string | null>`null`.as('details'),
  attempt: sql<number>`${tasks.attempts}`.as('attempt'),
});

/**
 * The log entries that a task's row tells by itself: that its attempt began and, where it did, that it completed. They
 * are not stored a second time as long as the row says so; nearly every task ends with just these two. `condition`
 * chooses the tasks, `afterId` the entries.
 */
export function rowLog({ db }: Connection, condition: SQL, afterId: SQL = sql`0`) {
  const claimed = entry(
    sql`${tasks.claimedRevision}`,
    sql`${tasks.processingStartedAt}`,
    sql`${textOf(LOGGED_AS.claimed)} || ${tasks.lockedBy}`,
  );
  const completed = entry(sql`${tasks.revision}`, sql`${tasks.finishedAt}`, textOf(LOGGED_AS.completed));
  return {
    claimed: db
      .select(claimed)
      .from(tasks)
      .where(
        sql`${condition} and ${tasks.status} in ('processing', 'completed') and ${tasks.claimedRevision} > ${afterId}`,
      ),
    completed: db
      .select(completed)
      .from(tasks)
      .where(
        sql`${condition} and ${tasks.status} = 'completed' and ${tasks.claimedRevision} is not null and ${tasks.revision} > ${afterId}`,
      ),
  };
}
