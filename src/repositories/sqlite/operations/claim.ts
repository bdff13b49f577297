import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/writer/operation.js';
import type { Random } from '../../../domain/random.js';
import type { ClaimedTask } from '../../../domain/stored-task.js';
import type { ClaimRequest } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { type ClaimedRow, claimedColumns, toClaimedTasks } from '../claimed-row.js';
import { countersOf } from '../counters/counters.js';
import { dueLaneFinder } from '../due-lanes.js';
import { taskPicker } from '../pick-tasks.js';
import { claimCutter } from './claim-size.js';
import { historyOf } from './history.js';
import type { LeaseKeeper } from './lease-keeper.js';
import { promoter } from './promote.js';
import { notesOf } from './transition-notes.js';

/**
 * One statement for all tasks of a claim; `claimed` is a JSON array of `{id, token}`.
 * The plus keeps SQLite from looking the tasks up by status instead of by id.
 */
const prepareTake = ({ db }: Transaction) => {
  const revision = sql<number>`${sql.placeholder('revision')} + claimed.key`;
  return db
    .update(tasks)
    .set({
      status: 'processing',
      due: null,
      attempts: sql`${tasks.attempts} + 1`,
      processingStartedAt: bound('now'),
      updatedAt: bound('now'),
      leaseUntil: sql`${sql.placeholder('now')} + ${sql.placeholder('leaseMs')}`,
      leaseMs: bound('leaseMs'),
      leaseToken: sql`claimed.value ->> 'token'`,
      lockedBy: bound('workerId'),
      claimedRevision: revision,
      revision,
    })
    .from(sql`json_each(${sql.placeholder('claimed')}) as claimed`)
    .where(sql`${tasks.id} = claimed.value ->> 'id' and +${tasks.status} = 'queued'`)
    .returning(claimedColumns)
    .prepare();
};

/** `queued → processing` for up to `limit` due tasks that the worker may run; fewer where they are large. */
export const claim = (keeper: LeaseKeeper, random: Random) =>
  ((transaction) => {
    const { now, takeRevisions } = transaction;
    const promote = promoter(transaction);
    const findLanes = dueLaneFinder(transaction);
    const pick = taskPicker(transaction, random);
    const cut = claimCutter(transaction);
    const take = prepareTake(transaction);
    const history = historyOf(transaction);
    const counters = countersOf(transaction);
    const notes = notesOf(transaction);

    const keepAlive = (task: ClaimedTask, { workerId, timeoutMs }: ClaimRequest) => {
      if (timeoutMs) keeper.keep(workerId, task, timeoutMs[task.type] ?? null);
    };

    return (request) => {
      promote();
      counters.flushLanes();
      const ids = cut(pick(findLanes(request), request.strategy, request.limit));
      if (ids.length === 0) return [];
      const rows = take.values({
        claimed: JSON.stringify(ids.map((id) => ({ id, token: randomUUID() }))),
        workerId: request.workerId,
        leaseMs: request.leaseMs,
        now: now(),
        revision: takeRevisions(ids.length),
      }) as ClaimedRow[];
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
