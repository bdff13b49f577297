import type { ServerResponse } from 'node:http';
import type { JsonValue } from '../domain/json.js';
import type { LogLevel } from '../domain/log-level.js';
import type { LogQuery, LogRepository } from '../repositories/log-repository.js';
import { callerOf } from './access/caller-of.js';
import { jsonArray } from './json-array.js';
import { logEntryJson } from './log-resource.js';
import type { Mounted } from './mounted.js';
import { nullableJsonText } from './nullable-json-text.js';
import { PagedList } from './paged-list.js';
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

/** Most entries that are read at once. */
const STEP = 100;

/** Characters from which on a page is long. */
const LONG_PAGE = 8 * 1024 * 1024;

/** What happened to a task: its transitions and what its handler logged. */
export class LogController {
  readonly #logs: LogRepository;

  constructor(logs: LogRepository) {
    this.#logs = logs;
  }

  list = async (
    { params, query, baseUrl = '' }: { params: TaskParams; query: ListQuery } & Mounted,
    res: ServerResponse,
  ): Promise<void> => {
    const taskId = taskIdOf(params);
    const { level, limit } = query;
    const list = new PagedList(`/api/queue/tasks/${taskId}/logs`, { level });
    const afterId = list.positionOf(query.cursor);
    const { page, next } = await this.#readPage({ taskId, level, limit, afterId });
    if (next !== null) res.setHeader('Link', list.nextLink(baseUrl, limit, next));
    sendJson(res, 200, jsonArray(page));
  };

  append = async (
    { params, body }: { params: TaskParams; body: AppendBody },
    res: ServerResponse,
  ): Promise<void> => {
    const entries = body.entries.map((entry) => ({ ...entry, details: nullableJsonText(entry.details) }));
    const lease = { id: taskIdOf(params), leaseToken: body.lease_token };
    await this.#logs.append(lease, entries, callerOf(res));
    res.statusCode = 202;
    res.setHeader('Content-Length', 0);
    res.end();
  };

  /** A page, and the position after which another follows. Entries may be large: a page ends early where it gets long. */
  async #readPage(query: LogQuery): Promise<{ page: string[]; next: number | null }> {
    const page: string[] = [];
    let length = 0;
    let last = query.afterId ?? 0;
    while (page.length < query.limit && length < LONG_PAGE) {
      const limit = Math.min(query.limit - page.length, STEP);
      // One more than is taken tells whether others follow.
      const found = await this.#logs.list({ ...query, limit: limit + 1, afterId: last });
      for (const entry of found.slice(0, limit)) {
        const json = logEntryJson(entry);
        page.push(json);
        length += json.length;
        last = entry.id;
      }
      if (found.length <= limit) return { page, next: null };
    }
    return { page, next: last };
  }
}
