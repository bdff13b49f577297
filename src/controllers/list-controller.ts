import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { TaskStatus } from '../domain/task-status.js';
import type { TaskRepository } from '../repositories/task-repository.js';
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

/** Most tasks that are read at once: a thousand large ones would not fit into memory. */
const STEP = 100;

/** Many tasks at once. */
export class ListController {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  list = async ({ query }: { query: ListQuery }, res: ServerResponse): Promise<void> => {
    const ids = query.ids ?? (await this.#page(query, res));
    await sendJsonArray(res, this.#read(ids, query.status, taskTextFor(res)));
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

  /** Leaves out what no longer has the status when its turn comes. */
  async *#read(
    ids: readonly number[],
    status: TaskStatus | undefined,
    text: TaskText,
  ): AsyncGenerator<string[]> {
    for (let from = 0; from < ids.length; from += STEP) {
      // A thousand tasks take longer than others should wait.
      if (from > 0) await turn();
      const tasks = await this.#tasks.findMany(ids.slice(from, from + STEP));
      yield tasks.filter((task) => status === undefined || task.status === status).map(text);
    }
  }
}
