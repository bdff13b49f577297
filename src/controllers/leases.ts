import type Joi from 'joi';
import { actorOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { Random } from '../core/clock.js';
import { formatInstant } from '../core/instant.js';
import type { JsonValue } from '../core/json.js';
import type { Progress } from '../core/leases.js';
import { LEASE_LIMITS } from '../core/limits.js';
import { type AttemptFailure, backoffMs } from '../core/retry.js';
import { errorText, messageText } from '../core/text.js';
import type { Lease, LeaseRepository } from '../repositories/lease-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { number, Schema } from '../validation/schema.js';
import { type TaskParams, taskIdOf, taskParams } from '../validation/task-id.js';
import { freeText, jsonValue, requireValueFits } from '../validation/values.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { instant, resource } from './resource-fields.js';
import { afterCommit, nullableJsonText, sendJson } from './respond.js';
import { named, type ReplyDocs, type Route, type RouteDocs } from './route.js';
import { examples, jsonReply } from './route-docs.js';
import type { TaskReply } from './task-resource.js';
import { taskSchema } from './task-schema.js';

interface Settle<Fields = unknown> {
  params: TaskParams;
  body: { lease_token: string } & Fields;
}

interface HeartbeatFields {
  lease_seconds?: number;
  progress?: number;
  progress_message?: string;
}

interface FailFields {
  error_message: string;
  retry: boolean;
  retry_after_seconds?: number;
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);

const leaseOf = ({ params, body }: Settle): Lease => ({
  id: taskIdOf(params),
  leaseToken: body.lease_token,
});

const progressOf = ({ progress, progress_message }: HeartbeatFields): Progress | null =>
  progress === undefined && progress_message === undefined
    ? null
    : {
        percent: progress ?? null,
        message: progress_message === undefined ? null : messageText(progress_message),
      };

/** A worker's reports on a claimed task: heartbeats and the outcome. */
export class LeaseController {
  readonly #leases: LeaseRepository;
  readonly #tasks: TaskRepository;
  readonly #reply: TaskReply;
  readonly #random: Random;

  constructor(leases: LeaseRepository, tasks: TaskRepository, reply: TaskReply, random: Random) {
    this.#leases = leases;
    this.#tasks = tasks;
    this.#reply = reply;
    this.#random = random;
  }

  heartbeat = async (req: Settle<HeartbeatFields>, res: HttpResponse): Promise<void> => {
    const { lease_seconds: seconds } = req.body;
    const leaseMs = seconds === undefined ? null : toMs(seconds);
    const renewal = { ...leaseOf(req), leaseMs, progress: progressOf(req.body) };
    const until = await this.#leases.renew(renewal, actorOf(res));
    sendJson(res, 200, JSON.stringify({ lease_until_utc: formatInstant(until) }));
  };

  complete = async (req: Settle<{ result?: JsonValue }>, res: HttpResponse): Promise<void> => {
    const result = nullableJsonText(req.body.result);
    if (result !== null) requireValueFits(result, '/result');
    await this.#leases.complete(leaseOf(req), result, actorOf(res));
    await this.#sendTask(req, res);
  };

  fail = async (req: Settle<FailFields>, res: HttpResponse): Promise<void> => {
    const lease = leaseOf(req);
    const failure: AttemptFailure = {
      errorMessage: errorText(req.body.error_message),
      reason: req.body.retry ? 'error' : 'rejected',
      retryDelayMs: await this.#retryDelayMs(lease.id, req.body),
    };
    await this.#leases.fail(lease, failure, actorOf(res));
    await this.#sendTask(req, res);
  };

  release = async (req: Settle, res: HttpResponse): Promise<void> => {
    await this.#leases.release(leaseOf(req), actorOf(res));
    await this.#sendTask(req, res);
  };

  #sendTask({ params }: Settle, res: HttpResponse): Promise<void> {
    return afterCommit(async () => this.#reply.send(res, await this.#tasks.find(taskIdOf(params))));
  }

  /** The requested delay, else the usual backoff after the task's attempts so far; null: no retry. */
  async #retryDelayMs(taskId: number, fields: FailFields): Promise<number | null> {
    const { retry, retry_after_seconds: seconds } = fields;
    if (!retry) return null;
    if (seconds !== undefined) return toMs(seconds);
    const { attempts } = await this.#tasks.find(taskId);
    return backoffMs(Math.max(attempts, 1), this.#random);
  }
}

export const leaseToken = Schema.string()
  .required()
  .description('The token from the claim, which proves ownership of the task.');

export const heartbeatBody = Schema.body({
  lease_token: leaseToken,
  lease_seconds: number(LEASE_LIMITS.leaseSeconds).description(
    'How long the lease lasts from now; absent: as long as the claim requested.',
  ),
  progress: number({ min: 0, max: 100 }).description('Progress in percent; absent: unchanged.'),
  progress_message: freeText().description(
    'Current step; absent: unchanged. Longer than 10,000 characters is truncated, with a mark.',
  ),
})
  .meta({ name: 'Heartbeat' })
  .required();

export const completeBody = Schema.body({
  lease_token: leaseToken,
  result: jsonValue().description('The result of the task, any JSON value; absent: null.'),
})
  .meta({ name: 'Completion' })
  .required();

export const failBody = Schema.body({
  lease_token: leaseToken,
  error_message: freeText()
    .required()
    .description('What went wrong, for people. Longer than 10,000 characters is truncated, with a mark.'),
  retry: Schema.boolean()
    .strict()
    .default(true)
    .description('False to fail the task without another attempt.'),
  retry_after_seconds: number(LEASE_LIMITS.retryAfterSeconds).description(
    'Delay before the next attempt; absent: the default backoff, about 1 s, 2 s, 4 s and so on up to 5 minutes.',
  ),
})
  .meta({ name: 'Failure' })
  .required();

export const releaseBody = Schema.body({ lease_token: leaseToken }).meta({ name: 'Release' }).required();

const renewedLeaseSchema = named(
  'RenewedLease',
  resource('A lease that was renewed.', {
    lease_until_utc: instant('When it ends without another heartbeat.'),
  }),
);

const { claimed, completed, failed, retrying, queued } = EXAMPLE_TASKS;
const { lease_token } = claimed;

const AGAIN = 'Repeating it with the same token and outcome, after a lost answer, succeeds again.';

const task = (example: string, value: object): ReplyDocs =>
  jsonReply('The task as it is now.', taskSchema, { [example]: value }, ['ETag', 'RetryAfter']);

const heartbeat: RouteDocs = {
  operationId: 'renewLease',
  tag: 'workers',
  summary: 'Renew a lease, and report progress',
  description:
    'Restarts the lease. Send a heartbeat about every third of its length. `LEASE_LOST` is how a worker learns that the task was cancelled.',
  bodies: examples({
    Minimal: { lease_token },
    'With progress': { lease_token, lease_seconds: 60, progress: 40, progress_message: 'transcoding' },
  }),
  replies: {
    200: jsonReply('The lease is renewed.', renewedLeaseSchema, {
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
  description: `While attempts are left the task is queued again, for another attempt after the backoff; else, or with \`retry: false\`, it is \`failed\`. ${AGAIN}`,
  bodies: examples({
    'Will be retried': { lease_token, error_message: 'The disk was full' },
    'Not to be retried': { lease_token, error_message: 'The file has no video track', retry: false },
    'To be retried later': { lease_token, error_message: 'Rate limited upstream', retry_after_seconds: 30 },
  }),
  replies: {
    200: jsonReply(
      'The task as it is now.',
      taskSchema,
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
  summary: 'Release a task',
  description: `It is queued again immediately, and the attempt is not counted. ${AGAIN}`,
  bodies: examples({ Minimal: { lease_token } }),
  replies: {
    200: task('Queued again', { ...queued, queue_position: 0, estimated_start_utc: null }),
  },
  errors: ['LEASE_LOST'],
};

const leaseRoute = (action: string, body: Joi.Schema, docs: RouteDocs, handle: Route['handle']): Route => ({
  method: 'post',
  path: `/api/queue/tasks/:task_id/${action}`,
  scopes: ['work'],
  rateLimit: 'writes',
  schemas: { params: taskParams, body },
  docs,
  handle,
});

export const leaseRoutes = (leases: LeaseController): Route[] => [
  leaseRoute('heartbeat', heartbeatBody, heartbeat, leases.heartbeat),
  leaseRoute('complete', completeBody, complete, leases.complete),
  leaseRoute('fail', failBody, fail, leases.fail),
  leaseRoute('release', releaseBody, release, leases.release),
];
