import { setImmediate as turn } from 'node:timers/promises';
import type { CustomHelpers } from 'joi';
import type { HttpResponse } from '../auth/exchange.js';
import { BYTE_LIMITS, TASK_LIMITS } from '../core/limits.js';
import {
  FAILURE_REASONS,
  type FailureReason,
  type StoredTask,
  TASK_STATUSES,
  type TaskStatus,
  textLength,
} from '../core/task.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { pageCursor, query, queryInteger, queryWait, taskIds } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { nameFilter } from '../validation/values.js';
import { type OwnUrls, PagedList } from './paged-list.js';
import { type Piece, sendJsonArray } from './respond.js';
import { taskTextFor } from './task-resource.js';

interface ListQuery {
  status?: TaskStatus;
  type?: string;
  failure_reason?: FailureReason;
  idempotency_key?: string;
  limit: number;
  cursor?: string;
  /** Instead of everything else. */
  ids?: number[];
}

/** Whether a task has not changed away from what was asked for since its id was found. */
export const stillMatches = (
  task: StoredTask,
  { status, failure_reason: reason }: Pick<ListQuery, 'status' | 'failure_reason'>,
): boolean =>
  (status === undefined || task.status === status) && (reason === undefined || task.failureReason === reason);

/** Many tasks at once. */
export class ListController {
  readonly #tasks: TaskRepository;
  readonly #urls: OwnUrls;
  readonly #budget: ReplyBudget;

  constructor(tasks: TaskRepository, urls: OwnUrls, budget: ReplyBudget) {
    this.#tasks = tasks;
    this.#urls = urls;
    this.#budget = budget;
  }

  list = async ({ query }: { query: ListQuery }, res: HttpResponse): Promise<void> => {
    const ids = query.ids ? [...new Set(query.ids)] : await this.#page(query, res);
    await sendJsonArray(res, this.#pieces(ids, query, res));
  };

  /** The ids of a page; says where the next one is, if there is one. */
  async #page(query: ListQuery, res: HttpResponse): Promise<number[]> {
    const { status, type, failure_reason, idempotency_key, limit, cursor } = query;
    const list = new PagedList('/api/queue/tasks', { status, type, failure_reason, idempotency_key });
    const filter = { status, type, failureReason: failure_reason, idempotencyKey: idempotency_key };
    const { ids, next } = await this.#tasks.listIds(filter, limit, list.positionOf(cursor));
    if (next !== null) this.#urls.linkToNext(res, list.pathAfter(next, limit));
    return ids;
  }

  /** Reads as much as is held at once. Leaves out what no longer matches when its turn comes. */
  async *#pieces(
    ids: readonly number[],
    query: Pick<ListQuery, 'status' | 'failure_reason'>,
    res: HttpResponse,
  ): AsyncGenerator<Piece> {
    const text = taskTextFor(res);
    for (let left = ids, isLast = false; !isLast; ) {
      // A thousand tasks take longer than others should wait.
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
      // The last one is held until the client has all of it.
      yield { elements: wanted.map(text), isLast };
      taken();
    }
  }
}

/** Digits; whether they are the id of a task, or too many to be, is for the controller to find out. */
export const taskParams = Schema.object({
  task_id: Schema.string()
    .custom((value: string, { error }: CustomHelpers) =>
      /^[1-9]\d*$/.test(value) ? value : error('id.base'),
    )
    .description('Id of the task, as returned by enqueue.')
    .example(1)
    .meta({ schema: { type: 'integer', minimum: 1 } }),
}).meta({ isPlain: ({ task_id }: { task_id: string }) => /^[1-9]\d{0,14}$/.test(task_id) });

export const taskQuery = query({
  wait: queryWait().description(
    'Long poll: seconds to wait until the task is done; with `If-None-Match`, until its tag changes.',
  ),
});

/** What a list can be narrowed to. */
export const taskFilters = {
  status: Schema.string()
    .valid(...TASK_STATUSES)
    .empty('')
    .description('Only tasks that now have this status.'),
  type: nameFilter().description('Only tasks of exactly this type.').example('video_processing'),
};

const LIST_PARAMETERS = ['status', 'type', 'failure_reason', 'idempotency_key', 'limit', 'cursor'];

/** Tasks asked for by their ids are those and no others. */
function idsAlone(value: { ids?: number[] }, { original, error }: CustomHelpers) {
  const other = value.ids && LIST_PARAMETERS.find((name) => original[name]);
  return other ? error('ids.alone', { pointer: `/${other}` }) : value;
}

export const taskListQuery = query({
  ...taskFilters,
  failure_reason: Schema.string()
    .valid(...FAILURE_REASONS)
    .description(
      'Only tasks that failed for this reason. Such a page may be short, even empty, where the reason is rare: `Link` says whether it is the last.',
    ),
  idempotency_key: Schema.string()
    .description('Only the task that was enqueued under this key.')
    .example('order-4711'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most tasks of one page.'),
  cursor: pageCursor(),
  ids: taskIds()
    .description(
      'These tasks and no others, in this order, each once; ids that do not exist are left out. Takes no other parameter beside it.',
    )
    .example([1, 2, 3]),
}).custom(idsAlone);
