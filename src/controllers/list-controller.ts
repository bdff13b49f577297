import type { ServerResponse } from 'node:http';
import type { TaskStatus } from '../domain/task-status.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { Mounted } from './mounted.js';
import { PagedList } from './paged-list.js';
import { sendJsonArray } from './send-json-array.js';
import { type TaskText, taskTextFor } from './task-resource.js';

interface ListQuery {
  status?: TaskStatus;
  type?: string;
  idempotency_key?: string;
  limit: number;
  cursor?: string;
  /** Instead of everything else. */
  ids?: number[];
}

interface ListRequest extends Mounted {
  query: ListQuery;
}

/** Most tasks that are read at once: a thousand large ones would not fit into memory. */
const STEP = 100;

/** Many tasks at once. */
export class ListController {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  list = async (req: ListRequest, res: ServerResponse): Promise<void> => {
    const { query } = req;
    const ids = query.ids ?? (await this.#page(req, res));
    await sendJsonArray(res, this.#read(ids, query.status, taskTextFor(res)));
  };

  /** The ids of a page; says where the next one is, if there is one. */
  async #page({ query, baseUrl = '' }: ListRequest, res: ServerResponse): Promise<number[]> {
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
    if (found.length > limit && last !== undefined)
      res.setHeader('Link', list.nextLink(baseUrl, limit, last));
    return page;
  }

  /** Leaves out what no longer has the status when its turn comes. */
  async *#read(
    ids: readonly number[],
    status: TaskStatus | undefined,
    text: TaskText,
  ): AsyncGenerator<string[]> {
    for (let from = 0; from < ids.length; from += STEP) {
      const tasks = await this.#tasks.findMany(ids.slice(from, from + STEP));
      yield tasks.filter((task) => status === undefined || task.status === status).map(text);
    }
  }
}
