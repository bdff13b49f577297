import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { FailureReason, TaskStatus } from '../../core/task.js';
import type { LogLevel } from '../../core/task-log.js';

/** Instants are integer milliseconds since 1970 UTC; JSON is text. */
export const tasks = sqliteTable(
  'tasks',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    type: text().notNull(),
    status: text().$type<TaskStatus>().notNull(),
    /** For a queued task: 1 if it is due (claims look at these), 0 while it is scheduled. Null on every other. */
    due: integer(),
    priority: integer().notNull(),
    attempts: integer().notNull().default(0),
    maxAttempts: integer('max_attempts').notNull(),
    payload: text().notNull(),
    /** Canonical JSON, so that equal requirements are equal text. */
    compatibility: text().notNull(),
    progress: real(),
    progressMessage: text('progress_message'),
    result: text(),
    errorMessage: text('error_message'),
    failureReason: text('failure_reason').$type<FailureReason>(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    runAfter: integer('run_after').notNull(),
    processingStartedAt: integer('processing_started_at'),
    finishedAt: integer('finished_at'),
    leaseUntil: integer('lease_until'),
    /** Milliseconds by which a heartbeat renews the lease. */
    leaseMs: integer('lease_ms'),
    leaseToken: text('lease_token'),
    /** The task's revision when the attempt began: the id of that log entry. */
    claimedRevision: integer('claimed_revision'),
    lockedBy: text('locked_by'),
    /** Token and kind of the last settled attempt: lets a worker whose reply was lost settle again. */
    settledToken: text('settled_token'),
    settledAs: text('settled_as').$type<'complete' | 'fail' | 'release'>(),
    idempotencyKey: text('idempotency_key'),
    /** Digest of the request that carried the key. */
    requestDigest: text('request_digest'),
    /** W3C trace context of the request that enqueued it. */
    traceparent: text(),
    revision: integer().notNull(),
  },
  (t) => [
    check('tasks_status', sql`${t.status} in ('queued', 'processing', 'completed', 'failed')`),
    check(
      'tasks_due',
      sql`(${t.status} = 'queued') = (${t.due} is not null) and (${t.due} is null or ${t.due} in (0, 1))`,
    ),
    check('tasks_type', sql`length(${t.type}) between 1 and 200`),
    check('tasks_priority', sql`${t.priority} between 1 and 1000`),
    check('tasks_max_attempts', sql`${t.maxAttempts} between 1 and 10`),
    check('tasks_attempts', sql`${t.attempts} between 0 and ${t.maxAttempts}`),
    check('tasks_progress', sql`${t.progress} is null or ${t.progress} between 0 and 100`),
    check(
      'tasks_owned',
      sql`(${t.status} = 'processing') = (${t.leaseToken} is not null) and (${t.leaseToken} is null) = (${t.leaseUntil} is null)
        and (${t.leaseToken} is null) = (${t.leaseMs} is null) and (${t.leaseToken} is null or ${t.lockedBy} is not null)`,
    ),
    check('tasks_finished', sql`(${t.status} in ('completed', 'failed')) = (${t.finishedAt} is not null)`),
    check('tasks_failed', sql`(${t.status} = 'failed') = (${t.failureReason} is not null)`),
    check(
      'tasks_failure_reason',
      sql`${t.failureReason} is null or ${t.failureReason} in ('error', 'cancelled', 'timeout', 'lease_expired', 'rejected', 'no_handler')`,
    ),
    // Claims walk one lane (type, priority, compatibility) by id; only due tasks are in here.
    index('tasks_lane').on(t.type, t.priority, t.compatibility, t.id).where(sql`due = 1`),
    index('tasks_scheduled').on(t.runAfter).where(sql`due = 0`),
    index('tasks_lease').on(t.leaseUntil).where(sql`lease_until is not null`),
    index('tasks_finished').on(t.status, t.finishedAt).where(sql`finished_at is not null`),
    index('tasks_status_id').on(t.status, t.id),
    index('tasks_type_status_id').on(t.type, t.status, t.id),
    uniqueIndex('tasks_revision').on(t.revision),
    uniqueIndex('tasks_idempotency_key').on(t.idempotencyKey).where(sql`idempotency_key is not null`),
  ],
);

/** One B-tree in reading order: the migration makes it WITHOUT ROWID, which drizzle cannot express. */
export const taskLogs = sqliteTable(
  'task_logs',
  {
    /** A revision of its own, so that ids grow in commit order. */
    id: integer().notNull(),
    taskId: integer('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    at: integer().notNull(),
    level: text().$type<LogLevel>().notNull(),
    message: text().notNull(),
    /** JSON text, or null. */
    details: text(),
    attempt: integer().notNull(),
  },
  (t) => [
    check('task_logs_level', sql`${t.level} in ('debug', 'info', 'warning', 'error')`),
    // One key for both queries: all levels of a task are a merge of four walks.
    primaryKey({ name: 'task_logs_key', columns: [t.taskId, t.level, t.id] }),
  ],
);

export const workers = sqliteTable('workers', {
  id: text().primaryKey(),
  host: text(),
  pid: integer(),
  version: text(),
  /** JSON text: an array, or null for any type. */
  types: text(),
  /** JSON text of an object. */
  capabilities: text().notNull(),
  slots: integer().notNull(),
  startedAt: integer('started_at').notNull(),
  lastHeartbeat: integer('last_heartbeat').notNull(),
  /** Milliseconds without a heartbeat after which the worker no longer counts as live. */
  staleMs: integer('stale_ms').notNull(),
  /** Handlers that still run although their attempts have ended. */
  overdue: integer().notNull().default(0),
});

/**
 * Number of due tasks per type, priority and compatibility. Claims start here, so that tasks which no worker may run
 * now cost nothing, however many.
 */
export const lanes = sqliteTable(
  'lanes',
  {
    id: integer().primaryKey(),
    type: text().notNull(),
    priority: integer().notNull(),
    compatibility: text().notNull(),
    due: integer().notNull(),
    /**
     * One of the requirements of `compatibility` (truncated if long), by which claims look lanes up; empty if there is
     * none.
     */
    requirement: text().notNull().default(''),
  },
  (t) => [
    check('lanes_due', sql`${t.due} >= 0`),
    uniqueIndex('lanes_key').on(t.type, t.priority, t.compatibility),
    index('lanes_due').on(t.priority, t.id).where(sql`due > 0`),
    index('lanes_due_requirement').on(t.requirement, t.type).where(sql`due > 0`),
  ],
);

const statusCounts = {
  queued: integer().notNull().default(0),
  processing: integer().notNull().default(0),
  completed: integer().notNull().default(0),
  failed: integer().notNull().default(0),
};

/** Tasks per type and status, and their typical durations. */
export const typeCounts = sqliteTable('type_counts', {
  type: text().primaryKey(),
  ...statusCounts,
  /** Running average of the milliseconds from due to claimed; each start moves it by an eighth of the difference. */
  waitMs: real('wait_ms'),
  /** The same for the milliseconds from claimed to completed. */
  runMs: real('run_ms'),
});

/** Events per minute. */
export const minuteCounts = sqliteTable('minute_counts', {
  /** Minutes since 1970 UTC. */
  minute: integer().primaryKey(),
  enqueued: integer().notNull().default(0),
  started: integer().notNull().default(0),
  completed: integer().notNull().default(0),
  failed: integer().notNull().default(0),
});

/** Waits and runs per minute and duration bucket. The migration makes it WITHOUT ROWID. */
export const minuteDurations = sqliteTable(
  'minute_durations',
  {
    minute: integer().notNull(),
    kind: text().$type<'wait' | 'run'>().notNull(),
    bucket: integer().notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ name: 'minute_durations_key', columns: [t.minute, t.kind, t.bucket] })],
);

/** The single row about the whole queue: its last revision, and tasks per status. */
export const queueState = sqliteTable(
  'queue_state',
  { id: integer().primaryKey(), revision: integer().notNull().default(0), ...statusCounts },
  (t) => [
    check('queue_state_single', sql`${t.id} = 1`),
    check(
      'queue_state_counts',
      sql`${t.queued} >= 0 and ${t.processing} >= 0 and ${t.completed} >= 0 and ${t.failed} >= 0`,
    ),
  ],
);

/** Number of events since the file was created; never decreases. The migration makes it WITHOUT ROWID. */
export const totals = sqliteTable('totals', { name: text().primaryKey(), count: real().notNull() });

/** The same for waits and runs by duration bucket. The migration makes it WITHOUT ROWID. */
export const durationTotals = sqliteTable(
  'duration_totals',
  {
    kind: text().$type<'wait' | 'run'>().notNull(),
    bucket: integer().notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ name: 'duration_totals_key', columns: [t.kind, t.bucket] })],
);

/** Keys of the API. Revoked keys stay: once a key has existed, access without one is refused. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull(),
    /** SHA-256 of the token, in hex; the token itself is not stored. */
    hash: text().notNull(),
    /** JSON text of an array of scopes. */
    scopes: text().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at'),
    revokedAt: integer('revoked_at'),
    /** To the minute. */
    lastUsedAt: integer('last_used_at'),
    /** Raised by every change of a key's rights: caches of keys detect a change in one read. */
    version: integer().notNull(),
  },
  (t) => [
    uniqueIndex('api_keys_name').on(t.name),
    uniqueIndex('api_keys_hash').on(t.hash),
    uniqueIndex('api_keys_version').on(t.version),
    check('api_keys_name', sql`length(${t.name}) between 1 and 100`),
  ],
);

/** The audit log. Only retention deletes from it. */
export const auditEntries = sqliteTable(
  'audit_entries',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    at: integer().notNull(),
    /** The name of the key, or of the kind of access without one. */
    actor: text().notNull(),
    /** The client's address; null for a command on this machine. */
    address: text(),
    requestId: text('request_id'),
    action: text().notNull(),
    /** The task, if it is about one. */
    taskId: integer('task_id'),
    outcome: text().notNull(),
    /** JSON text of an object: further details, such as a filter and how many tasks it matched. */
    details: text(),
  },
  (t) => [index('audit_entries_task').on(t.taskId, t.id).where(sql`task_id is not null`)],
);
