import { WORKER_STATES } from '../../domain/worker-state.js';
import { schemaRef } from '../openapi/json-schema.js';
import { flag, instant, integer, list, nullable, object, resource, text } from './fields.js';
import { taskId } from './task-schema.js';

export const claimedTasksSchema = resource('What was claimed.', {
  tasks: list('None when there was nothing to claim.', schemaRef('ClaimedTask')),
});

export const renewedLeaseSchema = resource('A lease that was renewed.', {
  lease_until_utc: instant('When it ends without another heartbeat.'),
});

export const workerSchema = resource('A worker that has claimed or said that it lives.', {
  worker_id: text('Its name.'),
  host: nullable(text('The machine it runs on; null for a worker over HTTP.')),
  pid: nullable(integer('Its process; null for a worker over HTTP.')),
  version: nullable(text('Its version of Spoolite; null for a worker over HTTP.')),
  types: nullable(list('The types it claims; null is any.', { type: 'string' })),
  capabilities: object('What it offers to `compatibility`.'),
  slots: integer('How many tasks it runs at once.'),
  held_task_ids: list('The tasks it has now.', taskId),
  started_at_utc: instant('When it was first seen.'),
  last_heartbeat_utc: instant('When it was last heard of.'),
  live: flag('False once it has been silent for longer than it said it would be.'),
  state: {
    enum: [...WORKER_STATES],
    description:
      '`live`: its heartbeats come. `silent`: they no longer do, and it still has tasks, which are taken back when their leases end. `gone`: it has none left.',
  },
  overdue: integer('How many of its handlers still run although their attempts are over; each keeps a slot.'),
});
