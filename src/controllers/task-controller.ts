import type { ServerResponse } from 'node:http';
import type { TaskStatus } from '../domain/task-status.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { jsonArray } from './json-array.js';
import { sendJson } from './send-json.js';
import { type TaskParams, taskIdOf } from './task-params.js';
import { taskJson } from './task-resource.js';

interface ListQuery {
  status?: TaskStatus;
  type?: string;
  limit: number;
}

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
    const tasks = await this.#tasks.list({ status: query.status, type: query.type }, query.limit);
    sendJson(res, 200, jsonArray(tasks.map(taskJson)));
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
}
