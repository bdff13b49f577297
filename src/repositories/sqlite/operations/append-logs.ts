import { SpooliteError, taskNotFound } from '../../../core/errors.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { Lease } from '../../lease-repository.js';
import type { LogEntry } from '../../log-repository.js';
import { bound } from '../bound.js';
import { logWriter } from './log-writer.js';
import { describeLostLease, leaseStateReader } from './lost-lease.js';
import { heldBy } from './settle.js';

export interface AppendLogsArgs {
  lease: Lease;
  entries: readonly LogEntry[];
}

/** What a handler logs, under the same fence as everything a worker writes. */
export const appendLogs = ((transaction) => {
  const log = logWriter(transaction);
  const readState = leaseStateReader(transaction);
  const readAttempt = transaction.db
    .select({ attempt: tasks.attempts })
    .from(tasks)
    .where(heldBy(bound('id'), bound('leaseToken')))
    .prepare();

  return ({ lease, entries }) => {
    const held = readAttempt.get({ ...lease });
    if (held) {
      for (const entry of entries) log({ taskId: lease.id, attempt: held.attempt, ...entry });
      return null;
    }
    const state = readState(lease.id);
    if (!state) throw taskNotFound(lease.id);
    throw new SpooliteError('LEASE_LOST', describeLostLease(lease.id, lease.leaseToken, state));
  };
}) satisfies Operation<AppendLogsArgs, null>;
