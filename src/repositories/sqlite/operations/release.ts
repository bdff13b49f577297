import { sql } from 'drizzle-orm';
import type { TaskStatus } from '../../../core/task.js';
import { LOGGED_AS } from '../../../core/task-log.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { Lease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { countersOf } from '../counters/counters.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { logWriter } from './log-writer.js';
import { countRequeued, queuedAgain, requeuedColumns } from './requeue.js';
import { rowLogWriter } from './row-log-writer.js';
import { endedAttempt, heldBy, settler } from './settle.js';
import { notesOf } from './transition-notes.js';

/** `processing → queued`, due at once, the attempt not counted; the text of an earlier failure stays. */
export const release = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const { db, now, takeRevisions } = transaction;
    const settle = settler(transaction, keeper);
    const log = logWriter(transaction);
    const counters = countersOf(transaction);
    const notes = notesOf(transaction);
    const writeRowLog = rowLogWriter<Lease>(transaction, heldBy(bound('id'), bound('leaseToken')));
    const update = db
      .update(tasks)
      .set({ ...endedAttempt, ...queuedAgain, attempts: sql`${tasks.attempts} - 1`, settledAs: 'release' })
      .where(heldBy(bound('id'), bound('leaseToken')))
      .returning(requeuedColumns)
      .prepare();

    return (lease) => {
      const instant = now();
      writeRowLog(lease);
      const subject = notes?.about(lease.id);
      const settled = settle(
        lease,
        () => update.get({ ...lease, now: instant, runAfter: instant, revision: takeRevisions() }),
        (state) => state.settledAs === 'release',
      );
      if (!settled) return null;
      countRequeued(counters, settled, 'released');
      notes?.add('release', lease.id, 'processing', 'queued', subject);
      const message = LOGGED_AS.released;
      log({ taskId: lease.id, attempt: settled.attempts + 1, level: 'info', message });
      return settled.status;
    };
  }) satisfies Operation<Lease, TaskStatus | null>;
