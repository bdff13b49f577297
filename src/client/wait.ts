import type { Task } from '../core/task.js';
import { type ApiRequest, type Connection, isTransient, retryDelayMs } from './connection.js';
import { TaskCancelled, TaskFailed, TaskNotFound, WaitTimeout } from './errors.js';
import { EventReader } from './events.js';
import type { WaitOptions } from './queries.js';
import { type ApiReply, fromResource, retryAfterSecondsOf } from './resources.js';
import { Deadline, pause } from './timers.js';

type Ending = Pick<Task, 'taskId' | 'type' | 'status' | 'done' | 'failureReason' | 'errorMessage'>;

function checkedTimeout(timeout: number): number {
  if (timeout >= 0) return timeout;
  throw new TypeError(`timeout must be milliseconds, 0 or more, not ${timeout}`);
}

/** The task if it was completed; throws `TaskCancelled` or another `TaskFailed` if not. */
function completed<State extends Ending>(task: State): State {
  if (task.status === 'completed') return task;
  throw task.failureReason === 'cancelled' ? new TaskCancelled(task) : new TaskFailed(task);
}

/** Follows a task to its end; `statesUntil` yields its states until the signal is aborted. */
export async function waitForEnd<State extends Ending>(
  id: number,
  statesUntil: (signal: AbortSignal) => AsyncIterable<State>,
  { timeout = Number.POSITIVE_INFINITY, signal, onProgress }: WaitOptions<State>,
): Promise<State> {
  const deadline = new Deadline(checkedTimeout(timeout), signal);
  try {
    for await (const task of statesUntil(deadline.signal)) {
      onProgress?.(task);
      if (task.done) return completed(task);
    }
  } catch (error) {
    throw deadline.isOver ? new WaitTimeout(id, timeout) : error;
  } finally {
    deadline.end();
  }
  throw new WaitTimeout(id, timeout);
}

/**
 * The states of a task by server-sent events, until it is done. If a connection yields none (a proxy blocks them, or
 * the server is away), the rest comes by long poll.
 */
export async function* watchStates<Task extends AwaitedTask>(
  connection: Connection,
  id: number,
  signal: AbortSignal,
): AsyncGenerator<Task, undefined> {
  const reader = new EventReader<Task>(connection, { path: `/tasks/${id}/events`, signal });
  for (let isHeard = true; isHeard; ) {
    isHeard = false;
    try {
      for await (const { task } of reader.connect()) {
        isHeard = true;
        yield task;
        if (task.done) return;
      }
    } catch (error) {
      if (signal.aborted || error instanceof TaskNotFound) throw error;
    }
  }
  const tag = reader.cursor && `"${reader.cursor}"`;
  yield* pollStates(connection, id, { signal, tag });
}

/** Seconds of a long poll: less than the timeouts of usual proxies. */
const WAIT_SECONDS = 30;

/** Milliseconds before the end of the wait from which on a reply without changes is not early. */
const SLACK_MS = 1_000;

/** Milliseconds to pause after one early reply: a stopping server ends all waits at once. */
const FIRST_PAUSE_MS = 1_000;

export interface PollOptions {
  signal: AbortSignal;
  /** The tag of the last known state. */
  tag?: string | undefined;
  /** Skip states before the end. */
  onlyEnd?: boolean;
}

/** Sends until there is a reply, however long that takes. Throws permanent failures. */
async function sendUntilAnswered(connection: Connection, request: ApiRequest): Promise<ApiReply> {
  for (let failures = 1; ; failures++) {
    try {
      return await connection.send(request);
    } catch (error) {
      if (!isTransient(error)) throw error;
      await pause(retryDelayMs(failures, error), request.signal);
    }
  }
}

/**
 * The states of a task by long poll, until it is done. If the server does not hold replies back, polls as its
 * `Retry-After` advises.
 */
export async function* pollStates<Task extends AwaitedTask>(
  connection: Connection,
  id: number,
  { signal, tag: known, onlyEnd = false }: PollOptions,
): AsyncGenerator<Task, undefined> {
  let tag = known;
  let early = 0;
  for (;;) {
    const waitSeconds = tag === undefined && !onlyEnd ? 0 : WAIT_SECONDS;
    const headers: Record<string, string> = tag === undefined || onlyEnd ? {} : { 'If-None-Match': tag };
    const asked = performance.now();
    const reply = await sendUntilAnswered(connection, {
      path: `/tasks/${id}`,
      query: { wait: waitSeconds || null },
      headers,
      waitSeconds,
      signal,
    });
    const hasChanged = reply.status === 200 && reply.headers.get('ETag') !== tag;
    if (hasChanged) {
      const task = fromResource<Task>(reply.body as object);
      tag = reply.headers.get('ETag') ?? undefined;
      yield task;
      if (task.done) return;
    }
    const isEarly = waitSeconds > 0 && performance.now() - asked < waitSeconds * 1000 - SLACK_MS;
    early = isEarly && (onlyEnd || !hasChanged) ? early + 1 : 0;
    if (early > 0) await pause(pauseMs(early, reply.headers), signal);
  }
}

function pauseMs(early: number, headers: Headers): number {
  const advised = (retryAfterSecondsOf(headers) ?? 1) * 1000;
  return (early === 1 ? Math.min(FIRST_PAUSE_MS, advised) : advised) * (1 + Math.random() / 2);
}

/** The members of a task that a wait uses. */
export interface AwaitedTask {
  taskId: number;
  done: boolean;
}
