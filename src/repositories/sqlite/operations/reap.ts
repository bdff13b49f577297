import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { LOGGED_AS } from '../../../domain/transition-log.js';
import { bound } from '../bound.js';
import { attemptFailer } from './fail.js';
import { logWriter } from './log-writer.js';

/** Most leases taken back in one transaction. */
const BATCH = 200;

/** Takes back expired leases: `processing → queued`, or `failed` without attempts left. Returns how many. */
export const reap = ((transaction) => {
  const { db, now } = transaction;
  const failAttempt = attemptFailer(transaction, null);
  const log = logWriter(transaction);
  const findExpired = db
    .select({ id: tasks.id, leaseToken: tasks.leaseToken, lockedBy: tasks.lockedBy })
    .from(tasks)
    .where(sql`${tasks.leaseUntil} <= ${bound('now')}`)
    .orderBy(tasks.leaseUntil)
    .limit(BATCH)
    .prepare();

  return () => {
    const expired = findExpired.all({ now: now() });
    for (const { id, leaseToken, lockedBy } of expired) {
      const errorMessage = `${LOGGED_AS.expired}worker ${lockedBy} stopped responding`;
      const task = failAttempt(
        { id, leaseToken: leaseToken as string },
        { errorMessage, reason: 'lease_expired', retryDelayMs: 0 },
      );
      if (task) log({ taskId: id, attempt: task.attempts, level: 'error', message: errorMessage });
    }
    return expired.length;
  };
}) satisfies Operation<null, number>;
