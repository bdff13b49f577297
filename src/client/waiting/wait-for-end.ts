import type { Task } from '../../domain/task.js';
import { Deadline } from '../deadline.js';
import { TaskCancelled } from '../errors/task-cancelled.js';
import { TaskFailed } from '../errors/task-failed.js';
import { WaitTimeout } from '../errors/wait-timeout.js';
import type { WaitOptions } from '../queries.js';

type Ending = Pick<Task, 'taskId' | 'type' | 'status' | 'done' | 'failureReason' | 'errorMessage'>;

function checked(timeout: number): number {
  if (timeout >= 0) return timeout;
  throw new TypeError(`timeout must be milliseconds, 0 or more, not ${timeout}`);
}

/** The task if it was completed. Throws `TaskCancelled` or another `TaskFailed` if not. */
function completed<State extends Ending>(task: State): State {
  if (task.status === 'completed') return task;
  throw task.failureReason === 'cancelled' ? new TaskCancelled(task) : new TaskFailed(task);
}

/** Follows a task to its end; `statesUntil` gives its states until the signal is aborted. */
export async function waitForEnd<State extends Ending>(
  id: number,
  statesUntil: (signal: AbortSignal) => AsyncIterable<State>,
  { timeout = Number.POSITIVE_INFINITY, signal, onProgress }: WaitOptions<State>,
): Promise<State> {
  const deadline = new Deadline(checked(timeout), signal);
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
