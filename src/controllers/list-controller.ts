import type { ServerResponse } from 'node:http';
import { BYTE_LIMITS } from '../domain/byte-limits.js';
import { textLength } from '../domain/stored-task.js';
import type { TaskStatus } from '../domain/task-status.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import { PagedList } from './paged-list.js';
import { type Piece, sendJsonArray } from './send-json-array.js';
import { taskTextFor } from './task-resource.js';

interface ListQuery {
  status?: TaskStatus;
  type?: string;
  idempotency_key?: string;
  limit: number;
  cursor?: string;
  /** Instead of everything else. */
  ids?: number[];
}

/** Many tasks at once. */
export class ListController {
  readonly #tasks: TaskRepository;
  readonly #budget: ReplyBudget;

  constructor(tasks: TaskRepository, budget: ReplyBudget) {
    this.#tasks = tasks;
    this.#budget = budget;
  }

  list = async ({ query }: { query: ListQuery }, res: ServerResponse): Promise<void> => {
    const ids = query.ids ? [...new Set(query.ids)] : await this.#page(query, res);
    await sendJsonArray(res, this.#pieces(ids, query.status, res));
  };

  /** The ids of a page; says where the next one is, if there is one. */
  async #page(query: ListQuery, res: ServerResponse): Promise<number[]> {
    const { status, type, idempotency_key, limit, cursor } = query;
    const list = new PagedList('/api/queue/tasks', { status, type, idempotency_key });
    const before = list.positionOf(cursor);
    // One more than is taken tells whether others follow.
    const found = await this.#tasks.listIds(
      { status, type, idempotencyKey: idempotency_key },
      limit + 1,
      before,
    );
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last !== undefined) res.setHeader('Link', list.nextLink(limit, last));
    return page;
  }

  /** Reads as much as is held at once. Leaves out what no longer has the status when its turn comes. */
  async *#pieces(
    ids: readonly number[],
    status: TaskStatus | undefined,
    res: ServerResponse,
  ): AsyncGenerator<Piece> {
    const text = taskTextFor(res);
    for (let left = ids, isLast = false; !isLast; ) {
      await this.#budget.room(res);
      const some = await this.#tasks.findSome(left, BYTE_LIMITS.piece);
      left = some.left;
      isLast = left.length === 0;
      const taken = this.#budget.hold(
        res,
        some.tasks.reduce((sum, task) => sum + textLength(task), 0),
      );
      const wanted = some.tasks.filter((task) => status === undefined || task.status === status);
      // The last one is held until the client has all of it.
      yield { elements: wanted.map(text), isLast };
      taken();
    }
  }
}
