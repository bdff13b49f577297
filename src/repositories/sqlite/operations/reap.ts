import { sql } from 'drizzle-orm';
import { LOGGED_AS } from '../../../core/task-log.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import { attemptFailer, BY_OTHERS } from './fail.js';
import { logWriter } from './log-writer.js';

/** Most leases taken back in one transaction. */
const BATCH = 200;

/** Milliseconds that may pass between the wish to take back and doing it. */
const PATIENCE_MS = 1_000;

export interface ReapArgs {
  /** When it was asked for, in milliseconds since 1970 UTC. */
  askedAt: number;
  /** Leases that are longer, in milliseconds, are left alone. */
  longestMs: number;
}

/**
 * Takes back expired leases: `processing → queued`, or `failed` without attempts left. Returns how many. Does nothing
 * after waiting for the file's lock (or when the clock has jumped meanwhile): the heartbeats of those who live have
 * waited for it too, and come first.
 */
export const reap = ((transaction) => {
  const { db, now } = transaction;
  const failAttempt = attemptFailer(transaction, BY_OTHERS);
  const log = logWriter(transaction);
  const findExpired = db
    .select({ id: tasks.id, leaseToken: tasks.leaseToken, lockedBy: tasks.lockedBy })
    .from(tasks)
    .where(sql`${tasks.leaseUntil} <= ${bound('now')} and ${tasks.leaseMs} <= ${bound('longestMs')}`)
    .orderBy(tasks.leaseUntil)
    .limit(BATCH)
    .prepare();

  return ({ askedAt, longestMs }) => {
    if (now() - askedAt > PATIENCE_MS) return 0;
    const expired = findExpired.all({ now: now(), longestMs });
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
}) satisfies Operation<ReapArgs, number>;
