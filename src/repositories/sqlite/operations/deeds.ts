import type { NewTask } from '../../../domain/new-task.js';
import type { StoredTask } from '../../../domain/stored-task.js';
import type { TaskStatus } from '../../../domain/task-status.js';
import type { ClaimRequest, Lease, Renewal } from '../../lease-repository.js';
import type { Cancelled, Enqueued } from '../../task-repository.js';
import type { ClaimedRow } from '../claimed-row.js';
import type { AppendLogsArgs } from './append-logs.js';
import type { Deed } from './audit-log.js';
import type { CompleteArgs } from './complete.js';
import type { FailArgs } from './fail.js';

const idOf = ([id]: ClaimedRow): number => id;

const enqueue = ({ type }: NewTask, { id, replayed }: Enqueued): Deed => ({
  action: 'enqueue',
  taskId: id,
  outcome: replayed ? 'replayed' : 'created',
  details: { type },
});

const enqueueMany = (_: readonly NewTask[], enqueued: readonly Enqueued[]): Deed => {
  const created = enqueued.filter(({ replayed }) => !replayed).map(({ id }) => id);
  return {
    action: 'enqueue',
    outcome: created.length > 0 ? 'created' : 'replayed',
    details: {
      tasks: enqueued.length,
      created: created.length,
      // One transaction gives ids in a row.
      ...(created.length > 0 && { first_task_id: created[0], last_task_id: created.at(-1) }),
    },
  };
};

const cancel = ({ id }: { id: number }, { changed, status }: Cancelled): Deed => ({
  action: 'cancel',
  taskId: id,
  outcome: changed ? 'cancelled' : `already ${status}`,
});

const retry = ({ id }: { id: number }, { status }: StoredTask): Deed => ({
  action: 'retry',
  taskId: id,
  outcome: status,
});

/** A claim that came back empty has changed nothing. */
const claim = ({ workerId }: ClaimRequest, rows: readonly ClaimedRow[]): Deed | null =>
  rows.length === 0
    ? null
    : { action: 'claim', outcome: 'claimed', details: { worker_id: workerId, task_ids: rows.map(idOf) } };

/** A heartbeat without progress says only that a worker lives: the workers' list tells that. */
const renew = ({ id, progress }: Renewal): Deed | null =>
  progress && { action: 'progress', taskId: id, outcome: 'noted', details: { ...progress } };

/** A settle that was told before has changed nothing the second time. */
const settled = (action: string, taskId: number, status: TaskStatus | null, details?: object): Deed | null =>
  status === null ? null : { action, taskId, outcome: status, ...(details && { details }) };

const complete = ({ lease }: CompleteArgs, status: TaskStatus | null): Deed | null =>
  settled('complete', lease.id, status);

const fail = ({ lease, failure }: FailArgs, status: TaskStatus | null): Deed | null =>
  settled('fail', lease.id, status, { reason: failure.reason });

const release = ({ id }: Lease, status: TaskStatus | null): Deed | null => settled('release', id, status);

const appendLogs = ({ lease, entries }: AppendLogsArgs): Deed => ({
  action: 'log',
  taskId: lease.id,
  outcome: 'stored',
  details: { entries: entries.length },
});

/** What the audit log tells of each operation that somebody can ask for. */
export const deeds = {
  enqueue,
  enqueueMany,
  cancel,
  retry,
  claim,
  renew,
  complete,
  fail,
  release,
  appendLogs,
};
