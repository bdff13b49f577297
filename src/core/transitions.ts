import type { TaskStatus } from './task.js';
import { parseTraceparent } from './traceparent.js';

/**
 * The state machine: the statuses that each event connects. `null` is a task that does not exist yet. Every storage
 * engine enforces the same table with guards in its SQL.
 */
export const TRANSITIONS = {
  enqueue: [[null, 'queued']],
  claim: [['queued', 'processing']],
  complete: [['processing', 'completed']],
  /** A failed attempt is queued again while attempts are left; else the task fails. */
  fail: [
    ['processing', 'queued'],
    ['processing', 'failed'],
  ],
  release: [['processing', 'queued']],
  /** The reaper took back an expired lease. */
  expire: [
    ['processing', 'queued'],
    ['processing', 'failed'],
  ],
  cancel: [
    ['queued', 'failed'],
    ['processing', 'failed'],
  ],
  /** Manual retry of a finished task. */
  retry: [
    ['completed', 'queued'],
    ['failed', 'queued'],
  ],
} as const satisfies Record<string, readonly (readonly [TaskStatus | null, TaskStatus])[]>;

export type TaskTransitionEvent = keyof typeof TRANSITIONS;

export const canTransition = (event: TaskTransitionEvent, from: TaskStatus | null, to: TaskStatus): boolean =>
  TRANSITIONS[event].some(([a, b]) => a === from && b === to);

/** A committed change of a task's status, for watchers. */
export interface TaskTransition {
  event: TaskTransitionEvent;
  taskId: number;
  type: string;
  /** Null for a new task. */
  from: TaskStatus | null;
  to: TaskStatus;
  /** The attempt concerned; 0 before the first. */
  attempt: number;
  /** The worker that holds, or held, the task; null without one. */
  worker: string | null;
  /** The request that caused it; null without one. */
  requestId: string | null;
  /** W3C trace context of the request that enqueued the task. */
  traceparent: string | null;
}

const EVENT_SENTENCES: Record<TaskTransitionEvent, string> = {
  enqueue: 'task enqueued',
  claim: 'task claimed',
  complete: 'task completed',
  fail: 'task failed',
  release: 'task released',
  expire: 'lease expired',
  cancel: 'task cancelled',
  retry: 'task queued again',
};

/** A transition's line in a program's log. */
export interface TransitionLine {
  message: string;
  /** Undefined members are left out. */
  members: Record<string, string | number | undefined>;
}

export function transitionLine(transition: TaskTransition): TransitionLine {
  const { event, taskId, type, from, to, attempt, worker, requestId, traceparent } = transition;
  return {
    message: event === 'fail' && to === 'queued' ? 'retry scheduled' : EVENT_SENTENCES[event],
    members: {
      event,
      task_id: taskId,
      type,
      attempt,
      from: from ?? undefined,
      to,
      worker: worker ?? undefined,
      request_id: requestId ?? undefined,
      trace_id: traceparent === null ? undefined : parseTraceparent(traceparent)?.traceId,
    },
  };
}
