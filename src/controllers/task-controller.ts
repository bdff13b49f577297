import type { ServerResponse } from 'node:http';
import type { TaskStatus } from '../domain/task-status.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { sendJson } from './send-json.js';
import { sendJsonArray } from './send-json-array.js';
import { type TaskParams, taskIdOf } from './task-params.js';
import { taskJson } from './task-resource.js';

interface ListQuery {
  status?: TaskStatus;
  type?: string;
  limit: number;
}

/** Most tasks that are read at once. */
const PAGE = 100;

/** Tasks as those see them who enqueued them. */
export class TaskController {
  readonly #tasks: TaskRepository;

  constructor(tasks: TaskRepository) {
    this.#tasks = tasks;
  }

  find = async ({ params }: { params: TaskParams }, res: ServerResponse): Promise<void> => {
    const task = await this.#tasks.find(taskIdOf(params));
    res.setHeader('Cache-Control', 'no-cache');
    sendJson(res, 200, taskJson(task));
  };

  list = async ({ query }: { query: ListQuery }, res: ServerResponse): Promise<void> => {
    await sendJsonArray(res, this.#pages(query));
  };

  cancel = async ({ params }: { params: TaskParams }, res: ServerResponse): Promise<void> => {
    const { id, status, changed } = await this.#tasks.cancel(taskIdOf(params));
    const message = changed ? 'Task cancelled successfully' : `Task already ${status}, cannot cancel`;
    sendJson(res, 200, JSON.stringify({ task_id: id, status, message }));
  };

  retry = async ({ params }: { params: TaskParams }, res: ServerResponse): Promise<void> => {
    const { id, status } = await this.#tasks.retry(taskIdOf(params));
    sendJson(res, 200, JSON.stringify({ task_id: id, status, message: 'Task queued again' }));
  };

  /** The list, read in pages: a thousand large tasks at once would not fit into memory. */
  async *#pages({ status, type, limit }: ListQuery): AsyncGenerator<string[]> {
    let before: number | undefined;
    for (let left = limit; left > 0; left -= PAGE) {
      const page = await this.#tasks.list({ status, type }, Math.min(left, PAGE), before);
      yield page.map(taskJson);
      if (page.length < PAGE) return;
      before = page.at(-1)?.id;
    }
  }
}
