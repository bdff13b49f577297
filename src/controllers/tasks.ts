import { actorOf, principalOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { LongPollRegistry } from '../auth/long-polls.js';
import { POLL_LIMITS } from '../core/limits.js';
import type { StoredTask } from '../core/task.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { cancelledResource, retriedResource } from '../services/resources.js';
import type { TaskWait } from '../services/task-wait.js';
import { query, queryWait } from '../validation/query.js';
import { type TaskParams, taskIdOf, taskParams } from '../validation/task-id.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { sendJson } from './respond.js';
import type { Route, RouteDocs } from './route.js';
import { emptyReply, jsonReply } from './route-docs.js';
import { namesRevision, type TaskReply } from './task-resource.js';
import { outcomeSchema, taskSchema } from './task-schema.js';

interface FindRequest {
  params: TaskParams;
  query: { wait?: number };
  headers: { 'if-none-match'?: string | undefined; prefer?: string | undefined };
}

/** What ends a wait early: with `If-None-Match`, a change (a move in the queue is none); else the end of the task. */
const endsWait =
  (ifNoneMatch: string | undefined, seesPayloads: boolean) =>
  ({ revision, finishedAt }: StoredTask): boolean =>
    ifNoneMatch === undefined ? finishedAt !== null : !namesRevision(ifNoneMatch, revision, seesPayloads);

/** One task, for clients. */
export class TaskController {
  readonly #tasks: TaskRepository;
  readonly #reply: TaskReply;
  readonly #wait: TaskWait;
  readonly #waits: LongPollRegistry;
  readonly #budget: ReplyBudget;

  constructor(
    tasks: TaskRepository,
    reply: TaskReply,
    wait: TaskWait,
    waits: LongPollRegistry,
    budget: ReplyBudget,
  ) {
    this.#tasks = tasks;
    this.#reply = reply;
    this.#wait = wait;
    this.#waits = waits;
    this.#budget = budget;
  }

  find = async (req: FindRequest, res: HttpResponse): Promise<void> => {
    const id = taskIdOf(req.params);
    const ifNoneMatch = req.headers['if-none-match'];
    const seconds = waitSecondsOf(req, res);
    const isAnswer = endsWait(ifNoneMatch, principalOf(res).seesPayloads);
    if (this.#budget.isFull) await this.#budget.room(res);
    const task = seconds === 0 ? await this.#tasks.find(id) : await this.#waited(id, seconds, isAnswer, res);
    await this.#reply.send(res, task, ifNoneMatch);
  };

  async #waited(id: number, seconds: number, isAnswer: (task: StoredTask) => boolean, res: HttpResponse) {
    const begin = (end: () => void) => this.#waits.begin(res, seconds, end);
    const task = await this.#wait.forTask({ id, isAnswer, begin });
    await this.#waits.assertStillIn(res);
    return task;
  }

  cancel = async ({ params }: { params: TaskParams }, res: HttpResponse): Promise<void> => {
    const cancelled = await this.#tasks.cancel(taskIdOf(params), actorOf(res));
    sendJson(res, 200, JSON.stringify(cancelledResource(cancelled)));
  };

  retry = async ({ params }: { params: TaskParams }, res: HttpResponse): Promise<void> => {
    const retried = await this.#tasks.retry(taskIdOf(params), actorOf(res));
    sendJson(res, 200, JSON.stringify(retriedResource(retried)));
  };
}

const WAIT = /^\s*wait\s*=\s*(?:(\d+)|"(\d+)")\s*(?:;|$)/i;

/**
 * A member between commas outside of quotes. An unterminated quote extends to the end, so that the match takes linear
 * time.
 */
const PREFERENCE = /(?:[^",]|"(?:[^"\\]|\\.?)*(?:"|$))+/gs;

const preferencesIn = (header: string): string[] => header.match(PREFERENCE) ?? [];

/** The seconds of `Prefer: wait=SECONDS` (RFC 7240), capped; null without such a preference. */
export function preferredWait(header: string | undefined): number | null {
  if (header === undefined) return null;
  for (const preference of preferencesIn(header)) {
    const match = WAIT.exec(preference);
    if (match) return Math.min(Number(match[1] ?? match[2]), POLL_LIMITS.waitSeconds.max);
  }
  return null;
}

interface WaitRequest {
  query: { wait?: number };
  headers: { prefer?: string | undefined };
}

/** The requested wait in seconds. The query takes precedence; an applied preference is reported in the reply. */
export function waitSecondsOf({ query, headers }: WaitRequest, res: HttpResponse): number {
  if (query.wait !== undefined) return query.wait;
  const preferred = preferredWait(headers.prefer);
  if (preferred === null) return 0;
  res.setHeader('Preference-Applied', `wait=${preferred}`);
  return preferred;
}

const taskQuery = query({
  wait: queryWait().description(
    'Long poll: seconds to wait until the task is done; with `If-None-Match`, until its tag changes.',
  ),
});

const { waiting, processing, completed, failed } = EXAMPLE_TASKS;

const find: RouteDocs = {
  operationId: 'getTask',
  tag: 'tasks',
  summary: 'Get a task',
  description:
    'The poll. `ETag` and `If-None-Match` make it cheap, `Retry-After` advises when to poll again, and `wait` delays the answer until something changes.\n\nWithout `If-None-Match` a wait ends as soon as the task is done; with it, as soon as the task has another tag. At the end of the wait the answer is the current state.',
  requestHeaders: ['IfNoneMatch', 'Prefer'],
  replies: {
    200: jsonReply(
      'The task as it is now.',
      taskSchema,
      {
        Queued: waiting,
        Processing: processing,
        Completed: completed,
        Failed: failed,
      },
      ['ETag', 'RetryAfter', 'PreferenceApplied'],
    ),
    304: emptyReply('Nothing has changed since the tag that was sent.', [
      'ETag',
      'RetryAfter',
      'PreferenceApplied',
    ]),
  },
};

const cancel: RouteDocs = {
  operationId: 'cancelTask',
  tag: 'tasks',
  summary: 'Cancel a task',
  description:
    'A live task fails immediately with the reason `cancelled`; its handler is signalled, and its outcome is ignored. A finished task stays as it is, which is not an error.',
  replies: {
    200: jsonReply('The outcome.', outcomeSchema, {
      Cancelled: { task_id: 1, status: 'failed', message: 'Task cancelled successfully' },
      'Too late': { task_id: 1, status: 'completed', message: 'Task already completed, cannot cancel' },
    }),
  },
};

const retry: RouteDocs = {
  operationId: 'retryTask',
  tag: 'tasks',
  summary: 'Queue a finished task again',
  description:
    'It is due immediately with all its attempts; previous result, progress, error and failure reason are cleared.',
  replies: {
    200: jsonReply('It is queued.', outcomeSchema, {
      'Queued again': { task_id: 1, status: 'queued', message: 'Task queued again' },
    }),
  },
  errors: ['TASK_NOT_FINISHED'],
};

export const taskRoutes = (tasks: TaskController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/tasks/:task_id',
    scopes: ['read'],
    rateLimit: 'polls',
    schemas: { params: taskParams, query: taskQuery },
    docs: find,
    handle: tasks.find,
  },
  {
    method: 'post',
    path: '/api/queue/tasks/:task_id/cancel',
    scopes: ['enqueue', 'read'],
    rateLimit: 'writes',
    schemas: { params: taskParams },
    docs: cancel,
    handle: tasks.cancel,
  },
  {
    method: 'post',
    path: '/api/queue/tasks/:task_id/retry',
    scopes: ['enqueue', 'read'],
    rateLimit: 'writes',
    schemas: { params: taskParams },
    docs: retry,
    handle: tasks.retry,
  },
];
