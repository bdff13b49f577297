import type { Schema } from 'joi';
import type { Page } from '../client/queries.js';
import type { LogEntry } from '../client/replies.js';
import { fromResource } from '../client/resources.js';
import { logEntryJson, logListQuery } from '../controllers/logs.js';
import { PagedList } from '../controllers/paged-list.js';
import { stillMatches, taskListQuery, taskParams } from '../controllers/task-list.js';
import { taskIdOf } from '../controllers/tasks.js';
import { type FailureReason, type TaskStatus, toTask } from '../core/task.js';
import type { LogLevel } from '../core/task-log.js';
import type { RequestBody, TaskRequest } from '../core/task-request.js';
import type { LogRepository } from '../repositories/log-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { enqueueBatchSchemas, enqueueSchemas, toNewTask } from '../services/new-task.js';
import { parseJsonBody } from '../validation/json-body.js';
import { fieldProblem, validationFailed } from '../validation/problems.js';

interface Given {
  cursor?: string | null;
}

interface GivenTasks extends Given {
  failureReason?: FailureReason;
  idempotencyKey?: string;
}

interface TaskQuery {
  status?: TaskStatus;
  type?: string;
  failure_reason?: FailureReason;
  idempotency_key?: string;
  limit: number;
  cursor?: string;
  ids?: number[];
}

/** Tasks of any type; which, the caller's map of types says. */
// biome-ignore lint/suspicious/noExplicitAny: the map of types is the caller's
type AnyTask = any;

const withoutNull = ({ cursor, ...query }: Given): object => ({ ...query, cursor: cursor ?? undefined });

/** Throws VALIDATION_FAILED. */
export async function tasksByIds(tasks: TaskRepository, ids: readonly number[]): Promise<AnyTask[]> {
  if (ids.length === 0) return [];
  const query = checked<TaskQuery>(taskListQuery, { ids: ids.join() });
  return (await tasks.findMany(query.ids ?? [])).map(toTask);
}

/** A page of tasks, newest first. Throws VALIDATION_FAILED, CURSOR_INVALID. */
export async function taskPage(
  tasks: TaskRepository,
  { idempotencyKey: key, failureReason: reason, ...given }: GivenTasks,
): Promise<Page<AnyTask>> {
  const named = { idempotency_key: key, failure_reason: reason };
  const query = checked<TaskQuery>(taskListQuery, { ...withoutNull(given), ...named });
  const { status, type, failure_reason, idempotency_key, limit, cursor } = query;
  const list = new PagedList('/api/queue/tasks', { status, type, failure_reason, idempotency_key });
  const filter = { status, type, failureReason: failure_reason, idempotencyKey: idempotency_key };
  const { ids, next } = await tasks.listIds(filter, limit, list.positionOf(cursor));
  const found = await tasks.findMany(ids);
  return {
    items: found.filter((task) => stillMatches(task, query)).map(toTask),
    next: next === null ? null : list.cursorAfter(next),
  };
}

interface LogQuery {
  level?: LogLevel;
  limit: number;
  cursor?: string;
}

/** A page of a task's log, oldest first. Throws TASK_NOT_FOUND, VALIDATION_FAILED. */
export async function logPage(logs: LogRepository, taskId: number, given: object): Promise<Page<LogEntry>> {
  const { level, limit, cursor } = checked<LogQuery>(logListQuery, withoutNull(given));
  const list = new PagedList(`/api/queue/tasks/${taskId}/logs`, { level });
  const { entries, nextAfterId } = await logs.list({
    taskId,
    level,
    limit,
    afterId: list.positionOf(cursor),
  });
  return {
    items: entries.map((entry) => fromResource(JSON.parse(logEntryJson(entry)))),
    next: nextAfterId === null ? null : list.cursorAfter(nextAfterId),
  };
}

/** What would arrive at a server: instants as text, nothing that JSON cannot say, no integer that would be rounded. */
const asSent = (body: object): object => parseJsonBody(Buffer.from(JSON.stringify(body))) as object;

/** The task that a request of the API with this body asks for. Throws VALIDATION_FAILED. */
export const newTaskOf = (body: object): TaskRequest =>
  toNewTask(checked<RequestBody>(enqueueSchemas.body, asSent(body)));

/** The same for a batch. */
export const newTasksOf = (bodies: readonly object[]): TaskRequest[] =>
  checked<{ tasks: RequestBody[] }>(enqueueBatchSchemas.body, asSent({ tasks: bodies })).tasks.map(
    (fields, at) => toNewTask(fields, `/tasks/${at}`),
  );

/** The id if a task can have it. Throws VALIDATION_FAILED, or TASK_NOT_FOUND where it is too large to exist. */
export const checkedId = (id: number): number => taskIdOf(checked(taskParams, { task_id: String(id) }));

/**
 * What a request would be after the API's validation, defaults filled in: one truth for both ways to the queue.
 * Throws VALIDATION_FAILED.
 */
export function checked<Valid>(schema: Schema, given: object): Valid {
  const { value, error } = schema.validate(given, { abortEarly: false });
  if (error) throw validationFailed(error.details.map((item) => fieldProblem(item)));
  return value;
}
