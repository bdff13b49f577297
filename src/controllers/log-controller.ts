import type { ServerResponse } from 'node:http';
import type { JsonValue } from '../domain/json.js';
import type { LogLevel } from '../domain/log-level.js';
import type { LogRepository } from '../repositories/log-repository.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { jsonArray } from './json-array.js';
import { logEntryJson } from './log-resource.js';
import { nullableJsonText } from './nullable-json-text.js';
import { sendJson } from './send-json.js';
import { type TaskParams, taskIdOf } from './task-params.js';

interface ListQuery {
  level?: LogLevel;
  limit: number;
  cursor?: string;
}

interface AppendBody {
  lease_token: string;
  entries: { level: LogLevel; message: string; details: JsonValue }[];
}

/** What happened to a task: its transitions and what its handler logged. */
export class LogController {
  readonly #logs: LogRepository;

  constructor(logs: LogRepository) {
    this.#logs = logs;
  }

  list = async (
    { params, query }: { params: TaskParams; query: ListQuery },
    res: ServerResponse,
  ): Promise<void> => {
    const taskId = taskIdOf(params);
    const { level, limit } = query;
    const path = `/api/queue/tasks/${taskId}/logs`;
    const filters = level === undefined ? '' : `level=${level}&`;
    const list = `${path}?${filters}`;
    const afterId = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor);
    // One more than asked for tells whether there is a next page.
    const found = await this.#logs.list({ taskId, level, limit: limit + 1, afterId });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    if (found.length > limit && last) {
      res.setHeader('Link', `<${list}limit=${limit}&cursor=${encodeCursor(list, last.id)}>; rel="next"`);
    }
    sendJson(res, 200, jsonArray(page.map(logEntryJson)));
  };

  append = async (
    { params, body }: { params: TaskParams; body: AppendBody },
    res: ServerResponse,
  ): Promise<void> => {
    const entries = body.entries.map((entry) => ({ ...entry, details: nullableJsonText(entry.details) }));
    await this.#logs.append({ id: taskIdOf(params), leaseToken: body.lease_token }, entries);
    res.statusCode = 202;
    res.setHeader('Content-Length', 0);
    res.end();
  };
}
