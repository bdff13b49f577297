import type { ServerResponse } from 'node:http';
import { SpooliteError } from '../domain/spoolite-error.js';
import { keptTraceparent } from '../domain/traceparent.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { callerOf } from './access/caller-of.js';
import { type EnqueueFields, toNewTask } from './enqueue-fields.js';
import { enqueuedResource } from './enqueued-resource.js';
import type { Mounted } from './mounted.js';
import { sendJson } from './send-json.js';
import { throwWithinTasks } from './throw-within-tasks.js';

interface Headers {
  'idempotency-key'?: string;
  traceparent?: string;
}

interface EnqueueRequest extends Mounted {
  body: EnqueueFields;
  headers: Headers;
}

interface BatchRequest {
  body: { tasks: EnqueueFields[] };
  headers: Headers;
}

/** The key may come in the header, in the body, or the same one in both. */
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

  enqueue = async (req: EnqueueRequest, res: ServerResponse): Promise<void> => {
    const idempotencyKey = keyOf(req);
    const traceparent = keptTraceparent(req.headers.traceparent);
    const newTask = { ...toNewTask(req.body), idempotencyKey, traceparent };
    const enqueued = await this.#tasks.enqueue(newTask, callerOf(res));
    res.setHeader('Location', `${req.baseUrl ?? ''}/api/queue/tasks/${enqueued.id}`);
    if (enqueued.replayed) res.setHeader('Idempotency-Replayed', 'true');
    sendJson(res, 201, JSON.stringify(enqueuedResource(enqueued)));
  };

  enqueueBatch = async ({ body, headers }: BatchRequest, res: ServerResponse): Promise<void> => {
    const traceparent = keptTraceparent(headers.traceparent);
    const newTasks = body.tasks.map((fields) => ({ ...toNewTask(fields), traceparent }));
    const enqueued = await this.#tasks.enqueueMany(newTasks, callerOf(res)).catch(throwWithinTasks);
    sendJson(res, 201, JSON.stringify({ tasks: enqueued.map(enqueuedResource) }));
  };
}
