import type { Schema } from 'joi';
import type { Page } from '../client/queries.js';
import type { LogEntry } from '../client/replies.js';
import { fromResource } from '../client/resources.js';
import { type FailureReason, toTask } from '../core/task.js';
import type { RequestBody, TaskRequest } from '../core/task-request.js';
import type { LogRepository } from '../repositories/log-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { enqueueBatchSchemas, enqueueSchemas, toNewTask } from '../services/new-task.js';
import { listTaskIds, stillMatches, type TaskListQuery, taskListQuery } from '../services/task-list.js';
import { type LogListQuery, logEntryJson, logListQuery, readLog } from '../services/task-log.js';
import { parseJson } from '../validation/json-body.js';
import { fieldProblem, validationFailed } from '../validation/problems.js';
import { type TaskParams, taskIdOf, taskParams } from '../validation/task-id.js';

interface Given {
  cursor?: string | null;
}

interface GivenTasks extends Given {
  failureReason?: FailureReason;
  idempotencyKey?: string;
}

/** Tasks of any type; the caller's map of types narrows them. */
// biome-ignore lint/suspicious/noExplicitAny: the map of types is the caller's
type AnyTask = any;

const withoutNull = ({ cursor, ...query }: Given): object => ({ ...query, cursor: cursor ?? undefined });

/** Throws VALIDATION_FAILED. */
export async function tasksByIds(tasks: TaskRepository, ids: readonly number[]): Promise<AnyTask[]> {
  if (ids.length === 0) return [];
  const query = checked<TaskListQuery>(taskListQuery, { ids: ids.join() });
  return (await tasks.findMany(query.ids ?? [])).map(toTask);
}

/** A page of tasks, newest first. Throws VALIDATION_FAILED, CURSOR_INVALID. */
export async function taskPage(
  tasks: TaskRepository,
  { idempotencyKey: idempotency_key, failureReason: failure_reason, ...given }: GivenTasks,
): Promise<Page<AnyTask>> {
  const asked = { ...withoutNull(given), idempotency_key, failure_reason };
  const query = checked<TaskListQuery>(taskListQuery, asked);
  const { ids, next } = await listTaskIds(tasks, query);
  const found = await tasks.findMany(ids);
  const items = found.filter((task) => stillMatches(task, query)).map(toTask);
  return { items, next: next?.cursor ?? null };
}

/** A page of a task's log, oldest first. Throws TASK_NOT_FOUND, VALIDATION_FAILED, CURSOR_INVALID. */
export async function logPage(logs: LogRepository, taskId: number, given: object): Promise<Page<LogEntry>> {
  const query = checked<LogListQuery>(logListQuery, withoutNull(given));
  const { entries, next } = await readLog(logs, taskId, query);
  return {
    items: entries.map((entry) => fromResource(JSON.parse(logEntryJson(entry)))),
    next: next?.cursor ?? null,
  };
}

/** As a server would receive it: instants as text, only what JSON can express, no integer that would be rounded. */
const asSent = (body: object): object => parseJson(JSON.stringify(body)) as object;

/** The task that the body of an enqueue request describes. Throws VALIDATION_FAILED. */
export const newTaskOf = (body: object): TaskRequest =>
  toNewTask(checked<RequestBody>(enqueueSchemas.body, asSent(body)));

/** The same for a batch. */
export const newTasksOf = (bodies: readonly object[]): TaskRequest[] =>
  checked<{ tasks: RequestBody[] }>(enqueueBatchSchemas.body, asSent({ tasks: bodies })).tasks.map(
    (fields, at) => toNewTask(fields, `/tasks/${at}`),
  );

/** The id, if a task can have it. Throws VALIDATION_FAILED, or TASK_NOT_FOUND for one too large to exist. */
export const checkedId = (id: number): number =>
  taskIdOf(checked<TaskParams>(taskParams, { task_id: String(id) }));

/**
 * The value after the API's validation, defaults filled in: HTTP and the embedded queue accept the same.
 * Throws VALIDATION_FAILED.
 */
export function checked<Valid>(schema: Schema, given: object): Valid {
  const { value, error } = schema.validate(given, { abortEarly: false });
  if (error) throw validationFailed(error.details.map((item) => fieldProblem(item)));
  return value;
}
