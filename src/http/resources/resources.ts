import type { JsonSchema } from '../openapi/json-schema.js';
import { auditEntrySchema, sessionSchema } from './access-schemas.js';
import { bulkOutcomeSchema } from './bulk-schemas.js';
import { examinationSchema } from './doctor-schemas.js';
import { logEntrySchema } from './log-entry-schema.js';
import { healthSchema, readinessSchema } from './operating-schemas.js';
import { problemSchema } from './problem-schema.js';
import { dueStatsSchema, historySpanSchema, queueStatsSchema, typeStatsSchema } from './stats-schemas.js';
import {
  enqueuedBatchSchema,
  enqueuedSchema,
  outcomeSchema,
  taskChangesSchema,
} from './task-reply-schemas.js';
import { claimedTaskSchema, taskSchema } from './task-schema.js';
import { claimedTasksSchema, renewedLeaseSchema, workerSchema } from './worker-schemas.js';

/** Every shape that answers have, by its name in the API's document. */
export const RESOURCES: Readonly<Record<string, JsonSchema>> = Object.freeze({
  Task: taskSchema,
  Enqueued: enqueuedSchema,
  EnqueuedBatch: enqueuedBatchSchema,
  Outcome: outcomeSchema,
  BulkOutcome: bulkOutcomeSchema,
  TaskChanges: taskChangesSchema,
  ClaimedTask: claimedTaskSchema,
  ClaimedTasks: claimedTasksSchema,
  RenewedLease: renewedLeaseSchema,
  LogEntry: logEntrySchema,
  Worker: workerSchema,
  QueueStats: queueStatsSchema,
  DueStats: dueStatsSchema,
  TypeStats: typeStatsSchema,
  HistorySpan: historySpanSchema,
  AuditEntry: auditEntrySchema,
  Session: sessionSchema,
  Examination: examinationSchema,
  Health: healthSchema,
  Readiness: readinessSchema,
  Problem: problemSchema,
});
