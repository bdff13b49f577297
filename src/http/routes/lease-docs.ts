import { EXAMPLE_TASKS } from '../openapi/example-tasks.js';
import { examples } from '../openapi/examples.js';
import { jsonReply } from '../openapi/replies.js';
import type { Reply, RouteDocs } from '../route-docs.js';

const { claimed, completed, failed, retrying, queued } = EXAMPLE_TASKS;
const { lease_token } = claimed;

const AGAIN =
  'Sent twice with the same token and the same outcome, because the answer was lost, it succeeds twice.';

const task = (example: string, value: object): Reply =>
  jsonReply('The task as it is now.', 'Task', { [example]: value }, ['ETag', 'RetryAfter']);

const claim: RouteDocs = {
  operationId: 'claimTasks',
  tag: 'workers',
  summary: 'Claim due tasks',
  description:
    'Takes up to `limit` tasks: each is `processing` then, has one attempt more, and belongs to this worker until its lease ends. With `wait` the answer is held back until there is a task. A worker that hangs up before the answer takes none.',
  bodies: examples({
    'The least': { worker_id: 'worker-001' },
    'With everything': {
      worker_id: 'worker-001',
      types: ['video_processing'],
      capabilities: { region: ['us-west', 'us-east'] },
      limit: 10,
      lease_seconds: 60,
      strategy: 'priority',
      wait: 20,
    },
  }),
  replies: {
    200: jsonReply('The tasks, possibly none.', 'ClaimedTasks', {
      'One task': { tasks: [claimed] },
      'Nothing to do': { tasks: [] },
    }),
  },
};

const heartbeat: RouteDocs = {
  operationId: 'renewLease',
  tag: 'workers',
  summary: 'Say that a worker lives, and how far it is',
  description:
    'The lease starts over. Send one about every third of its length. `LEASE_LOST` is how a worker learns that the task was cancelled.',
  bodies: examples({
    'The least': { lease_token },
    'With progress': { lease_token, lease_seconds: 60, progress: 40, progress_message: 'transcoding' },
  }),
  replies: {
    200: jsonReply('The lease is renewed.', 'RenewedLease', {
      Renewed: { lease_until_utc: '2025-11-05T19:37:00.000Z' },
    }),
  },
  errors: ['LEASE_LOST'],
};

const complete: RouteDocs = {
  operationId: 'completeTask',
  tag: 'workers',
  summary: 'Report that a task is done',
  description: `The attempt has succeeded, and the task is \`completed\`. ${AGAIN}`,
  bodies: examples({ 'With a result': { lease_token, result: { frames: 4242 } } }),
  replies: { 200: task('Completed', completed) },
  errors: ['LEASE_LOST'],
};

const fail: RouteDocs = {
  operationId: 'failTask',
  tag: 'workers',
  summary: 'Report that an attempt has failed',
  description: `While attempts are left the task is queued again, to be tried after the backoff; else, or with \`retry: false\`, it is \`failed\`. ${AGAIN}`,
  bodies: examples({
    'To be tried again': { lease_token, error_message: 'The disk was full' },
    'No use in trying again': { lease_token, error_message: 'The file has no video track', retry: false },
    'To be tried again later': { lease_token, error_message: 'Told to slow down', retry_after_seconds: 30 },
  }),
  replies: {
    200: jsonReply(
      'The task as it is now.',
      'Task',
      {
        'Queued again': { ...retrying, queue_position: 0, estimated_start_utc: null },
        Failed: failed,
      },
      ['ETag', 'RetryAfter'],
    ),
  },
  errors: ['LEASE_LOST'],
};

const release: RouteDocs = {
  operationId: 'releaseTask',
  tag: 'workers',
  summary: 'Give a task back',
  description: `It is queued again at once, and the attempt does not count. ${AGAIN}`,
  bodies: examples({ 'The least': { lease_token } }),
  replies: {
    200: task('Queued again', { ...queued, queue_position: 0, estimated_start_utc: null }),
  },
  errors: ['LEASE_LOST'],
};

export const leaseDocs = { claim, heartbeat, complete, fail, release };
