import { formatInstant } from '../core/instant.js';
import { TASK_LIMITS } from '../core/limits.js';
import { LOG_LEVELS, type LogLevel } from '../core/task-log.js';
import type { LogRepository, StoredLogEntry } from '../repositories/log-repository.js';
import { pageCursor, query, queryInteger } from '../validation/query.js';
import { Schema } from '../validation/schema.js';
import { type NextPage, PagedList } from './paged-list.js';

export interface LogListQuery {
  level?: LogLevel;
  limit: number;
  cursor?: string;
}

export const logListQuery = query({
  level: Schema.string()
    .valid(...LOG_LEVELS)
    .description('Only entries at this level.'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most entries on one page.'),
  cursor: pageCursor(),
});

/** A page of a task's log, oldest first. Throws TASK_NOT_FOUND, CURSOR_INVALID. */
export async function readLog(
  logs: LogRepository,
  taskId: number,
  { level, limit, cursor }: LogListQuery,
): Promise<{ entries: StoredLogEntry[]; next: NextPage | null }> {
  const list = new PagedList(`/api/queue/tasks/${taskId}/logs`, { level });
  const { entries, nextAfterId } = await logs.list({
    taskId,
    level,
    limit,
    afterId: list.positionOf(cursor),
  });
  return { entries, next: list.next(nextAfterId, limit) };
}

/** A log entry as JSON text; its details pass through unparsed. */
export const logEntryJson = ({ id, at, level, message, details, attempt }: StoredLogEntry): string =>
  `{"log_id":${id},"at_utc":"${formatInstant(at)}","level":"${level}","message":${JSON.stringify(message)},` +
  `"details":${details},"attempt":${attempt}}`;
