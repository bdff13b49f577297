import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { BYTE_LIMITS } from '../domain/byte-limits.js';
import { type StoredTask, textLength } from '../domain/stored-task.js';
import type { FailureReason, TaskStatus } from '../domain/task-status.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import type { OwnUrls } from './own-urls.js';
import { PagedList } from './paged-list.js';
import { type Piece, sendJsonArray } from './send-json-array.js';
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

  list = async ({ query }: { query: ListQuery }, res: ServerResponse): Promise<void> => {
    const ids = query.ids ? [...new Set(query.ids)] : await this.#page(query, res);
    await sendJsonArray(res, this.#pieces(ids, query, res));
  };

  /** The ids of a page; says where the next one is, if there is one. */
  async #page(query: ListQuery, res: ServerResponse): Promise<number[]> {
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
    res: ServerResponse,
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
