import { eq } from 'drizzle-orm';
import { workers } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { LOGGED_AS } from '../../../domain/transition-log.js';
import type { LostLease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { attemptFailer, BY_OTHERS } from './fail.js';
import type { KeptLease, LeaseKeeper } from './lease-keeper.js';
import { leaseRenewer } from './lease-renewer.js';
import { logWriter } from './log-writer.js';
import { describeLostLease, leaseStateReader } from './lost-lease.js';

/** Milliseconds by which an attempt's own process may be late in saying that its time is over. */
const TIMEOUT_MARGIN_MS = 2_000;

/**
 * Says that a worker of this process lives, renews what it holds, and returns what it has lost. An attempt whose time
 * has been over for a while is failed here: its handler keeps the event loop so busy that nobody else could.
 */
export const heartbeat = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const { db, now } = transaction;
    const readState = leaseStateReader(transaction);
    const failAttempt = attemptFailer(transaction, BY_OTHERS);
    const renew = leaseRenewer(transaction);
    const log = logWriter(transaction);
    const markAlive = db
      .update(workers)
      .set({ lastHeartbeat: bound('now'), overdue: bound('overdue') })
      .where(eq(workers.id, bound('workerId')))
      .prepare();

    const describe = ({ id, leaseToken }: KeptLease): string => {
      const state = readState(id);
      return state ? describeLostLease(id, leaseToken, state) : `Task ${id} was deleted`;
    };

    const timeOut = (lease: KeptLease): void => {
      const errorMessage = LOGGED_AS.timedOut;
      const task = failAttempt(lease, { errorMessage, reason: 'timeout', retryDelayMs: null });
      if (task) log({ taskId: lease.id, attempt: task.attempts, level: 'error', message: errorMessage });
    };

    return ({ workerId }) => {
      markAlive.run({ workerId, now: now(), overdue: keeper.overdueOf(workerId) });
      const held = keeper.heldBy(workerId);
      const overdue = new Set(held.filter((lease) => keeper.isOverdue(lease, TIMEOUT_MARGIN_MS)));
      for (const lease of overdue) timeOut(lease);
      const renewed = renew(held.filter((lease) => !overdue.has(lease)));
      const lost = held.filter(({ leaseToken }) => !renewed.has(leaseToken));
      for (const { leaseToken } of lost) keeper.drop(leaseToken);
      return lost.map((lease) => ({ id: lease.id, leaseToken: lease.leaseToken, detail: describe(lease) }));
    };
  }) satisfies Operation<{ workerId: string }, LostLease[]>;
