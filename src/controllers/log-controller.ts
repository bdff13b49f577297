import type { ServerResponse } from 'node:http';
import type { JsonValue } from '../domain/json.js';
import type { LogLevel } from '../domain/log-level.js';
import { messageText } from '../domain/message-text.js';
import type { LogRepository } from '../repositories/log-repository.js';
import { callerOf } from './access/caller-of.js';
import { jsonArray } from './json-array.js';
import type { ReplyBudget } from './limits/reply-budget.js';
import { logEntryJson } from './log-resource.js';
import { nullableJsonText } from './nullable-json-text.js';
import type { OwnUrls } from './own-urls.js';
import { PagedList } from './paged-list.js';
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
  readonly #urls: OwnUrls;
  readonly #budget: ReplyBudget;

  constructor(logs: LogRepository, urls: OwnUrls, budget: ReplyBudget) {
    this.#logs = logs;
    this.#urls = urls;
    this.#budget = budget;
  }

  list = async (
    { params, query }: { params: TaskParams; query: ListQuery },
    res: ServerResponse,
  ): Promise<void> => {
    const taskId = taskIdOf(params);
    const { level, limit } = query;
    const list = new PagedList(`/api/queue/tasks/${taskId}/logs`, { level });
    const afterId = list.positionOf(query.cursor);
    await this.#budget.room(res);
    const { entries, nextAfterId } = await this.#logs.list({ taskId, level, limit, afterId });
    if (nextAfterId !== null) this.#urls.linkToNext(res, list.pathAfter(nextAfterId, limit));
    this.#budget.send(res, jsonArray(entries.map(logEntryJson)));
  };

  append = async (
    { params, body }: { params: TaskParams; body: AppendBody },
    res: ServerResponse,
  ): Promise<void> => {
    const entries = body.entries.map(({ level, message, details }) => ({
      level,
      message: messageText(message),
      details: nullableJsonText(details),
    }));
    const lease = { id: taskIdOf(params), leaseToken: body.lease_token };
    await this.#logs.append(lease, entries, callerOf(res));
    res.statusCode = 202;
    res.setHeader('Content-Length', 0);
    res.end();
  };
}
