import { actorOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';
import type { RequestBody } from '../core/task-request.js';
import { keptTraceparent } from '../core/traceparent.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { enqueueBatchSchemas, enqueueSchemas, throwWithinTasks, toNewTask } from '../services/new-task.js';
import { enqueuedResource } from '../services/resources.js';
import { ownPath } from './own-urls.js';
import { sendJson } from './respond.js';
import type { Route, RouteDocs } from './route.js';
import { examples, jsonReply } from './route-docs.js';
import { enqueuedBatchSchema, enqueuedSchema } from './task-schema.js';

interface Headers {
  'idempotency-key'?: string;
  traceparent?: string;
}

interface EnqueueRequest {
  body: RequestBody;
  headers: Headers;
}

interface BatchRequest {
  body: { tasks: RequestBody[] };
  headers: Headers;
}

/** The key may be in the header, in the body, or in both if equal. */
function keyOf({ body, headers }: EnqueueRequest): string | null {
  const key = body.idempotency_key ?? headers['idempotency-key'] ?? null;
  if (headers['idempotency-key'] === undefined || headers['idempotency-key'] === key) return key;
  throw new SpooliteError(
    'VALIDATION_FAILED',
    'The Idempotency-Key header and idempotency_key in the body differ; send only one of them',
    [{ pointer: '/idempotency_key', message: 'differs from the Idempotency-Key header' }],
  );
}

export class EnqueueController {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  enqueue = async (req: EnqueueRequest, res: HttpResponse): Promise<void> => {
    const idempotencyKey = keyOf(req);
    const traceparent = keptTraceparent(req.headers.traceparent);
    const newTask = { ...toNewTask(req.body), idempotencyKey, traceparent };
    const enqueued = await this.#tasks.enqueue(newTask, actorOf(res));
    res.setHeader('Location', ownPath(res, `/api/queue/tasks/${enqueued.id}`));
    if (enqueued.replayed) res.setHeader('Idempotency-Replayed', 'true');
    sendJson(res, 201, JSON.stringify(enqueuedResource(enqueued)));
  };

  enqueueBatch = async ({ body, headers }: BatchRequest, res: HttpResponse): Promise<void> => {
    const traceparent = keptTraceparent(headers.traceparent);
    const newTasks = body.tasks.map((fields, at) => ({
      ...toNewTask(fields, `/tasks/${at}`),
      traceparent,
    }));
    const enqueued = await this.#tasks.enqueueMany(newTasks, actorOf(res)).catch(throwWithinTasks);
    sendJson(res, 201, JSON.stringify({ tasks: enqueued.map(enqueuedResource) }));
  };
}

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
    'A 201 is sent once the task is on disk. With an idempotency key, in the body or in the header, repeating the request answers with the existing task, so that it is safe to retry after a lost answer.\n\nUnknown fields are rejected, so that a typo does not go unnoticed.',
  requestHeaders: ['Traceparent'],
  bodies: examples({
    Minimal: { type: 'video_processing' },
    'All fields': {
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
      'The task is enqueued, or already was.',
      enqueuedSchema,
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
    'If one of them is invalid, none is enqueued, and the pointer of the error identifies it. Each may have its own `idempotency_key`; the header `Idempotency-Key` is refused here. The same key twice in a batch is one task, or an error where the two differ.',
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
    201: jsonReply('All of them are enqueued.', enqueuedBatchSchema, {
      'Two tasks': { tasks: [enqueued, { ...enqueued, task_id: 2 }] },
    }),
  },
  errors: ['IDEMPOTENCY_KEY_REUSED'],
};

export const enqueueRoutes = (tasks: EnqueueController): Route[] => [
  {
    method: 'post',
    path: '/api/queue/enqueue',
    scopes: ['enqueue'],
    rateLimit: 'writes',
    schemas: enqueueSchemas,
    docs: enqueue,
    handle: tasks.enqueue,
  },
  {
    method: 'post',
    path: '/api/queue/enqueue/batch',
    scopes: ['enqueue'],
    rateLimit: 'writes',
    schemas: enqueueBatchSchemas,
    bodyLimit: 'batchBodyLimit',
    docs: enqueueBatch,
    handle: tasks.enqueueBatch,
  },
];
