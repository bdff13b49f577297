import { setImmediate as turn } from 'node:timers/promises';
import type { HttpResponse } from '../auth/exchange.js';
import { BYTE_LIMITS } from '../core/limits.js';
import { textLength } from '../core/task.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { listTaskIds, stillMatches, type TaskListQuery, taskListQuery } from '../services/task-list.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import type { OwnUrls } from './own-urls.js';
import { type Piece, sendJsonArray } from './respond.js';
import { arrayOf, type Route, type RouteDocs } from './route.js';
import { jsonReply } from './route-docs.js';
import { taskTextFor } from './task-resource.js';
import { taskSchema } from './task-schema.js';

export class ListController {
  readonly #tasks: TaskRepository;
  readonly #urls: OwnUrls;
  readonly #budget: ReplyBudget;

  constructor(tasks: TaskRepository, urls: OwnUrls, budget: ReplyBudget) {
    this.#tasks = tasks;
    this.#urls = urls;
    this.#budget = budget;
  }

  list = async ({ query }: { query: TaskListQuery }, res: HttpResponse): Promise<void> => {
    const { ids, next } = await listTaskIds(this.#tasks, query);
    this.#urls.linkToNext(res, next);
    await sendJsonArray(res, this.#pieces(ids, query, res));
  };

  /** Reads within the memory budget, and leaves out tasks that no longer match. */
  async *#pieces(
    ids: readonly number[],
    query: Pick<TaskListQuery, 'status' | 'failure_reason'>,
    res: HttpResponse,
  ): AsyncGenerator<Piece> {
    const text = taskTextFor(res);
    for (let left = ids, isLast = false; !isLast; ) {
      // Yields the event loop: a thousand tasks take long.
      if (left !== ids) await turn();
      await this.#budget.room(res);
      const some = await this.#tasks.findSome(left, BYTE_LIMITS.piece);
      left = some.left;
      isLast = left.length === 0;
      const taken = this.#budget.hold(
        res,
        some.tasks.reduce((sum, task) => sum + textLength(task), 0),
      );
      const wanted = some.tasks.filter((task) => stillMatches(task, query));
      // The last piece stays held until the client has all of it.
      yield { elements: wanted.map(text), isLast };
      taken();
    }
  }
}

const { queued, completed } = EXAMPLE_TASKS;

const list: RouteDocs = {
  operationId: 'listTasks',
  tag: 'tasks',
  summary: 'List tasks, newest first',
  description:
    'A page of tasks, or those of certain `ids`. `Link` leads to the next page; pages do not shift while tasks are added. A parameter without a value counts as absent.',
  replies: {
    200: jsonReply(
      'The tasks.',
      arrayOf(taskSchema),
      { 'Two tasks': [{ ...queued, task_id: 2 }, completed], None: [] },
      ['Link'],
    ),
  },
  errors: ['CURSOR_INVALID'],
};

export const listRoutes = (lists: ListController): Route[] => [
  {
    method: 'get',
    path: '/api/queue/tasks',
    scopes: ['read'],
    rateLimit: 'reads',
    schemas: { query: taskListQuery },
    docs: list,
    handle: lists.list,
  },
];
