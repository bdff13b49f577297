import type { Random } from '../../../core/clock.js';
import type { ClaimedTask } from '../../../core/task.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { ClaimRequest } from '../../lease-repository.js';
import { type ClaimedRow, toClaimedTasks } from '../claimed-row.js';
import { countersOf } from '../counters/counters.js';
import { historyOf } from './history.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { promoter } from './promote.js';
import { dueTaskTaker } from './take-due.js';
import { notesOf } from './transition-notes.js';

/** `queued → processing` for up to `limit` due tasks that the worker may run; fewer where they are large. */
export const claim = (keeper: LeaseKeeper, random: Random) =>
  ((transaction) => {
    const { now } = transaction;
    const promote = promoter(transaction);
    const takeDue = dueTaskTaker(transaction, random);
    const history = historyOf(transaction);
    const counters = countersOf(transaction);
    const notes = notesOf(transaction);

    const keepAlive = (task: ClaimedTask, { workerId, timeoutMs }: ClaimRequest) => {
      if (timeoutMs) keeper.keep(workerId, task, timeoutMs[task.type] ?? null);
    };

    return (request) => {
      promote();
      counters.flushLanes();
      const { ids, rows } = takeDue(request);
      if (rows.length === 0) return [];
      for (const task of toClaimedTasks(rows)) {
        keepAlive(task, request);
        counters.moved(task.type, 'queued', 'processing');
        notes?.add('claim', task.id, 'queued', 'processing');
        counters.due(task, -1);
        const waitedMs = now() - Math.max(task.runAfter, task.createdAt);
        counters.took('wait', task.type, waitedMs);
        history.addDuration('wait', waitedMs);
      }
      history.add('started', rows.length);
      const place = new Map(ids.map((id, at) => [id, at]));
      return rows.sort(([a], [b]) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    };
  }) satisfies Operation<ClaimRequest, ClaimedRow[]>;
