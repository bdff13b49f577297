import { eq, sql } from 'drizzle-orm';
import { tasks, workers } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { LostLease } from '../../lease-repository.js';
import { bound } from '../bound.js';
import type { KeptLease, LeaseKeeper } from './lease-keeper.js';
import { describeLostLease, leaseStateReader } from './lost-lease.js';

/** Says that a worker of this process lives, renews all its leases in one statement, and returns those it has lost. */
export const heartbeat = (keeper: LeaseKeeper) =>
  ((transaction) => {
    const { db, now, takeRevisions } = transaction;
    const readState = leaseStateReader(transaction);
    const markAlive = db
      .update(workers)
      .set({ lastHeartbeat: bound('now') })
      .where(eq(workers.id, bound('workerId')))
      .prepare();
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

    const describe = ({ id, leaseToken }: KeptLease): LostLease => {
      const state = readState(id);
      return {
        id,
        leaseToken,
        detail: state ? describeLostLease(id, leaseToken, state) : `Task ${id} was deleted`,
      };
    };

    return ({ workerId }) => {
      markAlive.run({ workerId, now: now() });
      const held = keeper.due(workerId, now());
      if (held.length === 0) return [];
      const renewed = renewAll.all({
        held: JSON.stringify(held),
        now: now(),
        revision: takeRevisions(held.length),
      });
      const tokens = new Set(renewed.map(({ leaseToken }) => leaseToken));
      const lost = held.filter(({ leaseToken }) => !tokens.has(leaseToken));
      for (const { leaseToken } of lost) keeper.drop(leaseToken);
      return lost.map(describe);
    };
  }) satisfies Operation<{ workerId: string }, LostLease[]>;
