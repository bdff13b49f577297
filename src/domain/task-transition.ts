import type { TaskStatus } from './task-status.js';
import type { TaskEvent } from './transitions.js';

/** A committed change of a task's status, for whoever watches. */
export interface TaskTransition {
  event: TaskEvent;
  taskId: number;
  type: string;
  /** Null for a task that was not there before. */
  from: TaskStatus | null;
  to: TaskStatus;
  /** The attempt that it is about; 0 before the first. */
  attempt: number;
  /** Who has, or had, the task; null where nobody has. */
  worker: string | null;
  /** The request that caused it; null where none did. */
  requestId: string | null;
  /** W3C trace context of the request that enqueued the task. */
  traceparent: string | null;
}
