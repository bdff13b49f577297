import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Random } from '../../../core/clock.js';
import { chooseSuspects } from '../../../core/workers.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import type { ClaimRequest } from '../../lease-repository.js';
import { bound } from '../bound.js';
import { type ClaimedRow, claimedColumns } from '../claimed-row.js';
import { isSuspect, suspectReader } from '../crash-suspects.js';
import { dueLaneFinder } from '../due-lanes.js';
import { taskPicker } from '../pick-tasks.js';
import { claimSizer } from './claim-size.js';

/** Most tasks that a claim passes over: bounds what it costs. */
const MOST_PASSED_OVER = 1_000;

/**
 * One statement for all tasks of a claim; `claimed` is a JSON array of `{id, token}`. Crash suspects are left out unless
 * `withSuspects` is 1: so those claims pay nothing for them that meet none.
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
    .where(
      sql`${tasks.id} = claimed.value ->> 'id' and +${tasks.status} = 'queued' and ${isSuspect} <= ${sql.placeholder('withSuspects')}`,
    )
    .returning(claimedColumns)
    .prepare();
};

/**
 * Takes due tasks in turn, as many as a claim asks for; passes over those that are excluded, and suspects that the worker
 * must not run now. `ids` has their order.
 */
export function dueTaskTaker(transaction: Transaction, random: Random) {
  const { now, takeRevisions } = transaction;
  const findLanes = dueLaneFinder(transaction);
  const pick = taskPicker(transaction, random);
  const suspects = suspectReader(transaction);
  const beginSize = claimSizer(transaction);
  const take = prepareTake(transaction);

  const takeAll = (
    ids: readonly number[],
    { workerId, leaseMs }: ClaimRequest,
    withSuspects: 0 | 1,
  ): ClaimedRow[] => {
    if (ids.length === 0) return [];
    const rows = take.values({
      withSuspects,
      claimed: JSON.stringify(ids.map((id) => ({ id, token: randomUUID() }))),
      workerId,
      leaseMs,
      now: now(),
      revision: takeRevisions(ids.length),
    }) as ClaimedRow[];
    // A claim in vain is no change: announcing it would have everybody who waits claim in vain again, without end.
    if (rows.length === 0) takeRevisions(-ids.length);
    return rows;
  };

  return (request: ClaimRequest): { ids: number[]; rows: ClaimedRow[] } => {
    const { workerId, strategy, limit, excludedIds = [] } = request;
    const lanes = findLanes(request);
    let size = beginSize();
    const passedOver = new Set(excludedIds);
    const ids: number[] = [];
    const rows: ClaimedRow[] = [];
    for (let isMore = true; isMore; ) {
      // What was passed over takes no room.
      if (rows.length === 0) size = beginSize();
      const wanted = limit - rows.length;
      const found = pick(lanes, strategy, wanted + passedOver.size);
      const inOrder = found.filter((id) => !passedOver.has(id)).slice(0, wanted);
      const next = size.cut(inOrder);
      const taken = takeAll(next, request, 0);
      ids.push(...next);
      rows.push(...taken);
      if (taken.length === next.length) break;
      const inTurn = suspects.among(next);
      isMore = found.length === wanted + passedOver.size && passedOver.size < MOST_PASSED_OVER;
      isMore &&= inTurn.length > 0;
      rows.push(...takeAll(chooseSuspects(inTurn, suspects.heldBy(workerId)), request, 1));
      for (const { id } of inTurn) passedOver.add(id);
      // None of them may be taken now: twice as many are passed over each time, so that few rounds do.
      if (isMore && suspects.heldBy(workerId).apart) {
        const ahead = pick(lanes, strategy, Math.min(2 * passedOver.size, MOST_PASSED_OVER) + limit);
        for (const { id } of suspects.among(ahead)) passedOver.add(id);
      }
      const isFull = next.length < inOrder.length && rows.length > 0;
      isMore &&= !isFull;
    }
    return { ids, rows };
  };
}
