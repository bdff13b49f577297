import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import type { StoredTask } from '../domain/stored-task.js';
import type { FailureReason, TaskStatus } from '../domain/task-status.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import type { OwnUrls } from './own-urls.js';
import { PagedList } from './paged-list.js';
import { sendJsonArray } from './send-json-array.js';
import { type TaskText, taskTextFor } from './task-resource.js';

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

/** Most tasks that are read at once: a thousand large ones would not fit into memory. */
const STEP = 100;

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

  constructor(tasks: TaskRepository, urls: OwnUrls) {
    this.#tasks = tasks;
    this.#urls = urls;
  }

  list = async ({ query }: { query: ListQuery }, res: ServerResponse): Promise<void> => {
    const ids = query.ids ?? (await this.#page(query, res));
    await sendJsonArray(res, this.#read(ids, query, taskTextFor(res)));
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

  /** Leaves out what no longer matches when its turn comes. */
  async *#read(
    ids: readonly number[],
    query: Pick<ListQuery, 'status' | 'failure_reason'>,
    text: TaskText,
  ): AsyncGenerator<string[]> {
    for (let from = 0; from < ids.length; from += STEP) {
      // A thousand tasks take longer than others should wait.
      if (from > 0) await turn();
      const tasks = await this.#tasks.findMany(ids.slice(from, from + STEP));
      yield tasks.filter((task) => stillMatches(task, query)).map(text);
    }
  }
}
