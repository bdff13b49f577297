import { eq, sql } from 'drizzle-orm';
import { tasks, workers } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import { LOGGED_AS } from '../../../domain/transition-log.js';
import type { LostLease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { attemptFailer } from './fail.js';
import type { KeptLease, LeaseKeeper } from './lease-keeper.js';
import { logWriter } from './log-writer.js';
import { describeLostLease, leaseStateReader } from './lost-lease.js';

/** Milliseconds by which an attempt's own process may be late in saying that its time is over. */
const TIMEOUT_MARGIN_MS = 2_000;

/** Renews the given leases in one statement; returns the tokens that are still held. */
function renewer({
  db,
  now,
  takeRevisions,
}: Transaction): (held: readonly KeptLease[]) => Set<string | null> {
  const renewAll = db
    .update(tasks)
    .set({
      leaseUntil: sql`${sql.placeholder('now')} + ${tasks.leaseMs}`,
      updatedAt: bound('now'),
      revision: sql`${sql.placeholder('revision')} + held.key`,
    })
    .from(sql`json_each(${sql.placeholder('held')}) as held`)
    .where(
      sql`${tasks.id} = held.value ->> 'id' and ${tasks.leaseToken} = held.value ->> 'leaseToken' and +${tasks.status} = 'processing'`,
    )
    .returning({ leaseToken: tasks.leaseToken })
    .prepare();
  return (held) => {
    if (held.length === 0) return new Set();
    const revision = takeRevisions(held.length);
    const renewed = renewAll.all({ held: JSON.stringify(held), now: now(), revision });
    return new Set(renewed.map(({ leaseToken }) => leaseToken));
  };
}

/**
 * Says that a worker of this process lives, renews what it holds, and returns what it has lost. An attempt whose time
 * has been over for a while is failed here: its handler keeps the event loop so busy that nobody else could.
 */
export const heartbeat = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const { db, now } = transaction;
    const readState = leaseStateReader(transaction);
    const failAttempt = attemptFailer(transaction, null);
    const renew = renewer(transaction);
    const log = logWriter(transaction);
    const markAlive = db
      .update(workers)
      .set({ lastHeartbeat: bound('now') })
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
      markAlive.run({ workerId, now: now() });
      const held = keeper.heldBy(workerId);
      const isOver = ({ timeoutAt }: KeptLease) =>
        timeoutAt !== null && timeoutAt + TIMEOUT_MARGIN_MS <= now();
      for (const lease of held.filter(isOver)) timeOut(lease);
      const renewed = renew(held.filter((lease) => !isOver(lease)));
      const lost = held.filter(({ leaseToken }) => !renewed.has(leaseToken));
      for (const { leaseToken } of lost) keeper.drop(leaseToken);
      return lost.map((lease) => ({ id: lease.id, leaseToken: lease.leaseToken, detail: describe(lease) }));
    };
  }) satisfies Operation<{ workerId: string }, LostLease[]>;
