import { sql } from 'drizzle-orm';
import { tasks } from '../../../db/sqlite/schema.js';
import { bound } from '../bound.js';
import type { CountedTask, Counters } from '../counters/counters.js';

/** Columns of a task that is queued again after an attempt; due at `runAfter`, with the last failure's text. */
export const queuedAgain = {
  status: 'queued',
  due: sql<number>`case when ${sql.placeholder('runAfter')} <= ${sql.placeholder('now')} then 1 else 0 end`,
  runAfter: bound<number>('runAfter'),
  progress: null,
  progressMessage: null,
  processingStartedAt: null,
  lockedBy: null,
} as const;

/** What the change that queues a task again gives back, to be logged and counted. */
export const requeuedColumns = {
  attempts: tasks.attempts,
  status: tasks.status,
  type: tasks.type,
  priority: tasks.priority,
  compatibility: tasks.compatibility,
  due: tasks.due,
};

export function countRequeued(
  counters: Counters,
  task: CountedTask & { due: number | null },
  why: 'retried' | 'released',
): void {
  counters.happened(why);
  counters.moved(task.type, 'processing', 'queued');
  if (task.due === 1) counters.due(task, 1);
}
