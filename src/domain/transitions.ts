import type { TaskStatus } from './task-status.js';

/**
 * The state machine: which event leads from which status to which.
 * `null` is a task that does not exist yet. Every storage engine enforces the same table with guards in its SQL.
 */
export const TRANSITIONS = {
  enqueue: [[null, 'queued']],
  claim: [['queued', 'processing']],
  complete: [['processing', 'completed']],
  /** A failed attempt is queued again while attempts are left, else the task fails. */
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

export type TaskEvent = keyof typeof TRANSITIONS;

/** True when `event` may lead from `from` to `to`. */
export const canTransition = (event: TaskEvent, from: TaskStatus | null, to: TaskStatus): boolean =>
  TRANSITIONS[event].some(([a, b]) => a === from && b === to);
