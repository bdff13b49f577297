import { type SQL, sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import type { Operation, Transaction } from '../../../db/sqlite/transaction.js';
import type { Lease } from '../../lease-repository.js';
import type { LeaseKeeper } from '../../shared/lease-keeper.js';
import { firstOfEach, nameOf } from '../../shared/settle-together.js';
import { countersOf } from '../counters/counters.js';
import { minuteTallyOf } from '../counters/totals.js';
import { bound } from '../rows.js';
import { endedAttempt, heldBy, settler } from './fence.js';
import { transitionBufferOf } from './transition-buffer.js';

export interface CompleteArgs {
  lease: Lease;
  /** JSON text, or null. */
  result: string | null;
}

interface Completed {
  id: number;
  type: string;
  startedAt: number | null;
}

const completed = (result: SQL<string>) =>
  ({
    ...endedAttempt,
    status: 'completed',
    progress: 100,
    result,
    errorMessage: null,
    finishedAt: bound<number>('now'),
    settledAs: 'complete',
  }) as const;

const prepareOne = ({ db }: Transaction) =>
  db
    .update(tasks)
    .set(completed(bound('result')))
    .where(heldBy(bound('id'), bound('leaseToken')))
    .returning({ id: tasks.id, type: tasks.type, startedAt: tasks.processingStartedAt })
    .prepare();

/** One statement for many; `settled` is a JSON array of `{id, token, result}`. The plus as in a claim. */
const prepareMany = ({ db }: Transaction) =>
  db
    .update(tasks)
    .set({
      ...completed(sql`settled.value ->> 'result'`),
      settledToken: sql`settled.value ->> 'token'`,
      revision: sql`${sql.placeholder('revision')} + settled.key`,
    })
    .from(sql`json_each(${sql.placeholder('settled')}) as settled`)
    .where(
      sql`${tasks.id} = settled.value ->> 'id' and +${tasks.status} = 'processing' and ${tasks.leaseToken} = settled.value ->> 'token'`,
    )
    .returning({
      id: tasks.id,
      leaseToken: tasks.settledToken,
      type: tasks.type,
      startedAt: tasks.processingStartedAt,
    })
    .prepare();

/** Characters of results that one statement takes at most: larger ones cost more as one text than separately. */
const MAX_TOGETHER = 4 * 1024 * 1024;

const charactersOf = (all: readonly CompleteArgs[]): number =>
  all.reduce((sum, { result }) => sum + (result?.length ?? 0), 0);

/** `processing → completed`. Returns null if it was already completed. */
export const complete = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const { now, allocateRevisions } = transaction;
    const settle = settler(transaction, keeper);
    const history = minuteTallyOf(transaction);
    const counters = countersOf(transaction);
    const transitions = transitionBufferOf(transaction);
    const updateOne = prepareOne(transaction);
    const updateMany = prepareMany(transaction);

    const count = ({ id, type, startedAt }: Completed): void => {
      const tookMs = now() - (startedAt ?? now());
      counters.moved(type, 'processing', 'completed');
      transitions?.add('complete', id, 'processing', 'completed');
      counters.took('run', type, tookMs);
      history.add('completed');
      history.addDuration('run', tookMs);
    };

    const one = ({ lease, result }: CompleteArgs): 'completed' | null => {
      const settled = settle(lease, { as: 'complete', result }, () =>
        updateOne.get({ ...lease, result, now: now(), revision: allocateRevisions() }),
      );
      if (!settled) return null;
      count(settled);
      return 'completed';
    };

    /** Runs the first settle of each held lease in one statement; the others run separately for their own outcome. */
    const many = (all: readonly CompleteArgs[]): ('completed' | null)[] => {
      if (charactersOf(all) > MAX_TOGETHER) return all.map(one);
      const firsts = firstOfEach(all);
      const settled = [...firsts.values()].map(({ lease, result }) => ({
        id: lease.id,
        token: lease.leaseToken,
        result,
      }));
      const revision = allocateRevisions(settled.length);
      const changed = updateMany.all({ settled: JSON.stringify(settled), now: now(), revision });
      for (const task of changed) count(task);
      const done = new Set(changed.map(nameOf));
      return all.map((args) => {
        const name = nameOf(args.lease);
        if (firsts.get(name) !== args || !done.has(name)) return one(args);
        keeper.drop(args.lease.leaseToken);
        return 'completed';
      });
    };

    return Object.assign(one, { many });
  }) satisfies Operation<CompleteArgs, 'completed' | null>;
