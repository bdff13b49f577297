import { sql } from 'drizzle-orm';
import { expiredFailure, isTooLateToReap } from '../../../core/leases.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/transaction.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../rows.js';
import { attemptFailer, BY_OTHERS } from './fail-and-release.js';
import { leaseRenewer } from './renew.js';
import { logWriter } from './task-log.js';

/** Most leases taken back in one transaction. */
const MAX_REAPED = 200;

export interface ReapArgs {
  /** When it was requested, in milliseconds since 1970 UTC. */
  askedAt: number;
  /** Leases longer than this many milliseconds are left alone. */
  longestMs: number;
}

/**
 * Takes back expired leases: `processing → queued`, or `failed` without attempts left. Returns how many. Does nothing
 * after waiting for the file's lock (or a clock jump meanwhile): the heartbeats of live workers have waited for it too,
 * and come first.
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
    .limit(MAX_REAPED)
    .prepare();

  return ({ askedAt, longestMs }) => {
    if (isTooLateToReap(askedAt, now())) return 0;
    const expired = findExpired.all({ now: now(), longestMs });
    for (const { id, leaseToken, lockedBy } of expired) {
      const failure = expiredFailure(lockedBy);
      const task = failAttempt({ id, leaseToken: leaseToken as string }, failure);
      if (task) log({ taskId: id, attempt: task.attempts, level: 'error', message: failure.errorMessage });
    }
    return expired.length;
  };
}) satisfies Operation<ReapArgs, number>;

/**
 * Shortens leases that end later than a renewal now would make them: the clock was set back since, and a dead worker
 * would keep its tasks for that long. Returns how many.
 */
export const rebaseLeases = ((transaction) => {
  const { db, now } = transaction;
  const renew = leaseRenewer(transaction);
  const findImpossible = db
    .select({ id: tasks.id, leaseToken: sql<string>`lease_token` })
    .from(tasks)
    .where(
      sql`${tasks.leaseUntil} > ${bound('now')} and ${tasks.leaseUntil} > ${bound('now')} + ${tasks.leaseMs}`,
    )
    .prepare();
  return (): number => renew(findImpossible.all({ now: now() }) satisfies Lease[]).size;
}) satisfies Operation<null, number>;
