import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { LOGGED_AS } from '../../../domain/transition-log.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { historyOf } from './history.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { logWriter } from './log-writer.js';
import { endedAttempt, heldBy, settler } from './settle.js';

export interface CompleteArgs {
  lease: Lease;
  /** JSON text, or null. */
  result: string | null;
}

/** `processing → completed`. */
export const complete = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const { db, now, takeRevisions } = transaction;
    const settle = settler(transaction, keeper);
    const log = logWriter(transaction);
    const history = historyOf(transaction);
    const update = db
      .update(tasks)
      .set({
        ...endedAttempt,
        status: 'completed',
        progress: 100,
        result: bound('result'),
        errorMessage: null,
        finishedAt: bound('now'),
        settledAs: 'complete',
      })
      .where(heldBy(bound('id'), bound('leaseToken')))
      .returning({ attempts: tasks.attempts, startedAt: tasks.processingStartedAt })
      .prepare();

    return ({ lease, result }) => {
      const settled = settle(
        lease,
        () => update.get({ ...lease, result, now: now(), revision: takeRevisions() }),
        (state) => state.settledAs === 'complete' && state.result === result,
      );
      if (!settled) return null;
      log({ taskId: lease.id, attempt: settled.attempts, level: 'info', message: LOGGED_AS.completed });
      history.add('completed');
      history.addDuration('run', now() - (settled.startedAt ?? now()));
      return null;
    };
  }) satisfies Operation<CompleteArgs, null>;
