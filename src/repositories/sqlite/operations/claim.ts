import { randomUUID } from 'node:crypto';
import { type SQL, sql } from 'drizzle-orm';
import type { Random } from '../../../core/clock.js';
import { BYTE_LIMITS } from '../../../core/limits.js';
import type { ClaimedTask } from '../../../core/task.js';
import { LOGGED_AS } from '../../../core/task-log.js';
import { type CrashSuspect, chooseSuspects, type HeldSuspects } from '../../../core/workers.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import type { ClaimRequest } from '../../lease-repository.js';
import type { LeaseKeeper } from '../../shared/lease-keeper.js';
import { countersOf } from '../counters/counters.js';
import { minuteTallyOf } from '../counters/totals.js';
import { dueLaneFinder, taskPicker } from '../lanes.js';
import { bound, type ClaimedRow, claimedColumns, toClaimedTasks } from '../rows.js';
import { transitionBufferOf } from './transition-buffer.js';

/** `queued → processing` for up to `limit` due tasks that the worker may run; fewer where they are large. */
export const claim = (keeper: LeaseKeeper, random: Random) =>
  ((transaction) => {
    const { now } = transaction;
    const promote = promoter(transaction);
    const takeDue = dueTaskTaker(transaction, random);
    const history = minuteTallyOf(transaction);
    const counters = countersOf(transaction);
    const transitions = transitionBufferOf(transaction);

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
        transitions?.add('claim', task.id, 'queued', 'processing');
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

/** Most tasks that a claim passes over: bounds its cost. */
const MOST_PASSED_OVER = 1_000;

/**
 * One statement for all tasks of a claim; `claimed` is a JSON array of `{id, token}`. Crash suspects are left out
 * unless `withSuspects` is 1, so that claims without suspects pay nothing for them. The plus makes SQLite look the
 * tasks up by id instead of by status.
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
 * Takes due tasks in order, up to the claim's limit; passes over excluded ones, and suspects that the worker must not
 * run now. `ids` has their order.
 */
export function dueTaskTaker(transaction: Transaction, random: Random) {
  const { now, allocateRevisions } = transaction;
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
      revision: allocateRevisions(ids.length),
    }) as ClaimedRow[];
    // An empty claim is no change: announcing it would make every waiting claim retry, without end.
    if (rows.length === 0) allocateRevisions(-ids.length);
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
      // Tasks passed over do not count.
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
      // None of them may be taken now: doubles the number passed over each time, so that few rounds suffice.
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

/** Most tasks promoted in one transaction; the next claim continues. */
const BATCH = 1000;

/** Promotes scheduled tasks whose time has come to their lanes, where claims look. Not a visible change. */
export function promoter(transaction: Transaction): () => void {
  const { db, now, allocateRevisions } = transaction;
  const counters = countersOf(transaction);
  const promote = db
    .update(tasks)
    .set({ due: 1 })
    .where(
      sql`${tasks.id} in (select id from tasks where due = 0 and run_after <= ${bound('now')} order by run_after limit ${sql.raw(String(BATCH))})`,
    )
    .returning({ type: tasks.type, priority: tasks.priority, compatibility: tasks.compatibility })
    .prepare();
  return () => {
    const promoted = promote.all({ now: now() });
    for (const task of promoted) counters.due(task, 1);
    // A revision without a task: it forces a notification of the commit, for workers that have just looked.
    if (promoted.length > 0) allocateRevisions();
  };
}

/** The sizes are in the row headers: the values themselves are not read. */
const SIZES = `select id, octet_length(payload) + octet_length(compatibility) + coalesce(octet_length(error_message), 0)
  from tasks where id in (select value from json_each(?))`;

/** Keeps a claim within the size limit of a reply: tasks that do not fit must not be claimed. */
export interface ClaimSize {
  /** Counts and returns the first of these tasks that still fit. The first task of a claim always does. */
  cut(ids: readonly number[]): readonly number[];
}

export function claimSizer({ client }: Transaction): () => ClaimSize {
  const readSizes = client.prepare<[string], [id: number, bytes: number]>(SIZES).raw();
  return () => {
    let bytes = 0;
    let count = 0;
    const fits = (size: number): boolean => {
      if (count > 0 && bytes + size > BYTE_LIMITS.claim) return false;
      bytes += size;
      count += 1;
      return true;
    };
    return {
      cut(ids) {
        const sizes = new Map(readSizes.all(JSON.stringify(ids)));
        const end = ids.findIndex((id) => !fits(sizes.get(id) ?? 0));
        return end === -1 ? ids : ids.slice(0, end);
      },
    };
  };
}

/**
 * The error message of a lost attempt stays on its task until another attempt ends. A handler may throw the same text:
 * then its worker has settled the attempt.
 */
export const isSuspect = sql.raw(
  `coalesce(settled_as is not 'fail' and substr(error_message, 1, ${LOGGED_AS.expired.length}) = '${LOGGED_AS.expired}', 0)`,
);

/** `attempts` is the number of attempts before the one in question. */
const isApart = (attempts: SQL): SQL<number> =>
  sql`${attempts} >= 2 or ${attempts} + 1 >= ${tasks.maxAttempts}`;

/** Reads which of some queued tasks are suspects, and which suspects a worker runs. */
export function suspectReader({ db }: Connection) {
  const readQueued = db
    .select({ id: tasks.id, isApart: isApart(sql`${tasks.attempts}`) })
    .from(tasks)
    .where(sql`${tasks.id} in (select value from json_each(${bound('ids')})) and ${isSuspect}`)
    .prepare();
  const readHeld = db
    .select({ apart: sql<number | null>`max(${isApart(sql`${tasks.attempts} - 1`)})` })
    .from(tasks)
    .where(sql`lease_until is not null and ${tasks.lockedBy} = ${bound('workerId')} and ${isSuspect}`)
    .prepare();

  return {
    /** In the order of the ids. */
    among(ids: readonly number[]): CrashSuspect[] {
      const found = readQueued.all({ ids: JSON.stringify(ids) });
      const byId = new Map(found.map(({ id, isApart }) => [id, { id, isApart: isApart === 1 }]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    heldBy(workerId: string): HeldSuspects {
      const apart = readHeld.get({ workerId })?.apart ?? null;
      return { any: apart !== null, apart: apart === 1 };
    },
  };
}
