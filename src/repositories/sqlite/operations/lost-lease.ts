import { eq } from 'drizzle-orm';
import type { Connection } from '../../../db/sqlite/connection.js';
import { tasks } from '../../../db/sqlite/schema.js';
import { bound } from '../bound.js';

type LeaseState = Pick<
  typeof tasks.$inferSelect,
  'status' | 'failureReason' | 'lockedBy' | 'leaseToken' | 'settledToken'
>;

/** Why a lease is no longer held, for people. */
export function describeLostLease(id: number, token: string, task: LeaseState): string {
  if (task.settledToken === token)
    return `The attempt of task ${id} was settled already, with another outcome`;
  if (task.failureReason === 'cancelled') return `Task ${id} was cancelled`;
  if (task.status === 'queued') return `The lease of task ${id} expired and the task was queued again`;
  if (task.status === 'processing') return `Task ${id} was taken by another worker (${task.lockedBy})`;
  if (task.failureReason === 'lease_expired')
    return `The lease of task ${id} expired and it had no attempts left`;
  if (task.failureReason === 'timeout') return `Task ${id} ran out of time`;
  return `Task ${id} is finished; this lease is no longer held`;
}

/** Reads what a lease is judged by. */
export function leaseStateReader({ db }: Connection) {
  const read = db
    .select({
      status: tasks.status,
      failureReason: tasks.failureReason,
      lockedBy: tasks.lockedBy,
      leaseToken: tasks.leaseToken,
      settledToken: tasks.settledToken,
      settledAs: tasks.settledAs,
      result: tasks.result,
      errorMessage: tasks.errorMessage,
    })
    .from(tasks)
    .where(eq(tasks.id, bound('id')))
    .prepare();
  return (id: number) => read.get({ id });
}
