import type { ServerResponse } from 'node:http';
import type { StoredTask } from '../domain/stored-task.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { accessOf } from './access/access.js';
import { callerOf } from './access/caller-of.js';
import { cancelledResource, retriedResource } from './acknowledged-resource.js';
import type { TaskWait } from './changes/task-wait.js';
import { namesRevision } from './entity-tag.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import type { Reply } from './reply.js';
import { sendJson } from './send-json.js';
import { type TaskParams, taskIdOf } from './task-params.js';
import type { TaskReply } from './task-reply.js';
import { waitSecondsOf } from './wait-seconds.js';

interface FindRequest {
  params: TaskParams;
  query: { wait?: number };
  headers: { 'if-none-match'?: string | undefined; prefer?: string | undefined };
}

/** What ends a wait early: a change from what the client has, be its place in the queue as it may; else the end of the task. */
const answers =
  (ifNoneMatch: string | undefined, seesPayloads: boolean) =>
  ({ revision, finishedAt }: StoredTask): boolean =>
    ifNoneMatch === undefined ? finishedAt !== null : !namesRevision(ifNoneMatch, revision, seesPayloads);

/** One task, as those see it who enqueued it. */
export class TaskController {
  readonly #tasks: TaskRepository;
  readonly #reply: TaskReply;
  readonly #wait: TaskWait;
  readonly #budget: ReplyBudget;

  constructor(tasks: TaskRepository, reply: TaskReply, wait: TaskWait, budget: ReplyBudget) {
    this.#tasks = tasks;
    this.#reply = reply;
    this.#wait = wait;
    this.#budget = budget;
  }

  find = async (req: FindRequest, res: Reply): Promise<void> => {
    const id = taskIdOf(req.params);
    const ifNoneMatch = req.headers['if-none-match'];
    const seconds = waitSecondsOf(req, res);
    const isAnswer = answers(ifNoneMatch, accessOf(res).seesPayloads);
    if (this.#budget.isFull) await this.#budget.room(res);
    const task =
      seconds === 0 ? await this.#tasks.find(id) : await this.#wait.forTask({ id, seconds, isAnswer, res });
    await this.#reply.send(res, task, ifNoneMatch);
  };

  cancel = async ({ params }: { params: TaskParams }, res: ServerResponse): Promise<void> => {
    const cancelled = await this.#tasks.cancel(taskIdOf(params), callerOf(res));
    sendJson(res, 200, JSON.stringify(cancelledResource(cancelled)));
  };

  retry = async ({ params }: { params: TaskParams }, res: ServerResponse): Promise<void> => {
    const retried = await this.#tasks.retry(taskIdOf(params), callerOf(res));
    sendJson(res, 200, JSON.stringify(retriedResource(retried)));
  };
}
