import type { TaskStatus } from './task.js';
import type { TaskTransitionEvent } from './transitions.js';

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * The opening words of a task's log entry, by transition. (A handler may log the same words: a reader that derives
 * transitions from a log must be sure that its handlers do not.)
 */
export const LOGGED_AS = {
  claimed: 'Claimed by ',
  completed: 'Completed',
  willBeRetried: 'Will be retried: ',
  failed: 'Failed: ',
  timedOut: 'Timed out, and its handler did not return',
  expired: 'Lease expired: ',
  released: 'Released by its worker',
  cancelled: 'Cancelled by user',
  queuedAgain: 'Queued again by user',
} as const;

const LOGGED_EVENTS: Record<keyof typeof LOGGED_AS, TaskTransitionEvent> = {
  claimed: 'claim',
  completed: 'complete',
  willBeRetried: 'fail',
  failed: 'fail',
  timedOut: 'fail',
  expired: 'expire',
  released: 'release',
  cancelled: 'cancel',
  queuedAgain: 'retry',
};

/** The transition that a log entry reports; null for a handler's entry. */
export function loggedEvent(message: string): TaskTransitionEvent | null {
  const found = Object.entries(LOGGED_AS).find(([, words]) => message.startsWith(words));
  return found ? LOGGED_EVENTS[found[0] as keyof typeof LOGGED_AS] : null;
}

/** The log entry of a failed attempt, after which the task has this status: `failed`, or queued again. */
export function failureEntry(
  status: TaskStatus,
  { errorMessage, details }: { errorMessage: string; details?: string },
) {
  const isFinal = status === 'failed';
  return {
    level: isFinal ? 'error' : 'warning',
    message: `${isFinal ? LOGGED_AS.failed : LOGGED_AS.willBeRetried}${errorMessage}`,
    details: details ?? null,
  } as const;
}
