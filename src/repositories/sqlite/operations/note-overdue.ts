import { eq } from 'drizzle-orm';
import { workers } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import type { LeaseKeeper } from './lease-keeper.js';

/** Puts on the list of workers how many handlers of a worker are overdue; its heartbeats repeat it. */
export const noteOverdue = (keeper: LeaseKeeper) =>
  (({ db }) => {
    const update = db
      .update(workers)
      .set({ overdue: bound('count') })
      .where(eq(workers.id, bound('workerId')))
      .prepare();
    return ({ workerId, count }) => {
      keeper.noteOverdue(workerId, count);
      update.run({ workerId, count });
      return null;
    };
  }) satisfies Operation<{ workerId: string; count: number }, null>;
