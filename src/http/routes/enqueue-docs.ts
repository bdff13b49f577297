import { examples } from '../openapi/examples.js';
import { jsonReply } from '../openapi/replies.js';
import type { RouteDocs } from '../route-docs.js';

const enqueued = {
  task_id: 1,
  status: 'queued',
  created_at_utc: '2025-11-05T19:35:00.000Z',
  message: 'Task enqueued successfully',
};

const enqueue: RouteDocs = {
  operationId: 'enqueueTask',
  tag: 'tasks',
  summary: 'Enqueue a task',
  description:
    'A 201 is sent after the task is on disk. With an idempotency key, in the body or in the header, the same request again answers with the task of the first time; no answer at all is then a reason to simply send it again.\n\nUnknown fields are refused, so that a typing error loses nothing.',
  requestHeaders: ['Traceparent'],
  bodies: examples({
    'The least': { type: 'video_processing' },
    'With everything': {
      type: 'video_processing',
      priority: 50,
      payload: { format: 'mp4' },
      compatibility: { region: 'us-west' },
      max_attempts: 3,
      run_after_utc: '2025-11-05T19:35:00Z',
      idempotency_key: 'order-4711',
    },
  }),
  replies: {
    201: jsonReply(
      'The task is enqueued, or was before.',
      'Enqueued',
      {
        Enqueued: enqueued,
        'Sent again': {
          ...enqueued,
          status: 'processing',
          message: 'Task already exists (idempotency key match)',
        },
      },
      ['Location', 'IdempotencyReplayed'],
    ),
  },
  errors: ['IDEMPOTENCY_KEY_REUSED'],
};

const enqueueBatch: RouteDocs = {
  operationId: 'enqueueTasks',
  tag: 'tasks',
  summary: 'Enqueue many tasks, all or none',
  description:
    'Where one of them is not valid, none is enqueued, and the pointer of the error says which. Each may have its own `idempotency_key`; the header `Idempotency-Key` is refused here. The same key twice in a batch is one task, or an error where the two differ.',
  requestHeaders: ['Traceparent'],
  bodies: examples({
    'Two tasks': {
      tasks: [
        { type: 'mail', payload: { to: 'ada@example.org' } },
        { type: 'mail', payload: { to: 'grace@example.org' }, priority: 1 },
      ],
    },
  }),
  replies: {
    201: jsonReply('All of them are enqueued.', 'EnqueuedBatch', {
      'Two tasks': { tasks: [enqueued, { ...enqueued, task_id: 2 }] },
    }),
  },
  errors: ['IDEMPOTENCY_KEY_REUSED'],
};

export const enqueueDocs = { enqueue, enqueueBatch };
