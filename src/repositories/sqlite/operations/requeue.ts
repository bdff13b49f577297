import { sql } from 'drizzle-orm';
import { bound } from '../bound.js';

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
