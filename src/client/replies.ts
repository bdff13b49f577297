import type { Scope } from '../core/access.js';
import type { JsonObject, JsonValue } from '../core/json.js';
import type { TaskStatus } from '../core/task.js';
import type { LogLevel } from '../core/task-log.js';
import type { TaskId } from './task-types.js';

/** Confirms that a task is stored. */
export interface Enqueued<Type extends string = string> {
  taskId: TaskId<Type>;
  /** `queued`; for a known idempotency key, the status of the existing task. */
  status: TaskStatus;
  createdAt: Date;
  message: string;
}

/** The result of a cancel or a retry. */
export interface Acknowledged {
  taskId: number;
  status: TaskStatus;
  message: string;
}

export interface Stats {
  totalTasks: number;
  queuedTasks: number;
  processingTasks: number;
  completedTasks: number;
  failedTasks: number;
}

export interface QueueStats extends Stats {
  /** Seconds since the oldest queued task was created; null when none is queued. */
  oldestQueuedAgeSeconds: number | null;
}

export interface DueStats {
  /** Seconds for which the longest waiting task has been due; null when none is due. */
  oldestDueAgeSeconds: number | null;
}

export interface TypeStats extends Stats {
  type: string;
  /** From due to claimed; null before the first. */
  usualWaitSeconds: number | null;
  /** From claimed to completed. */
  usualRunSeconds: number | null;
}

/** In seconds; null without data. */
export interface Percentiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** The activity in one span of minutes. */
export interface HistorySpan {
  /** When it begins. */
  minute: Date;
  enqueued: number;
  started: number;
  completed: number;
  failed: number;
  waitSeconds: Percentiles;
  runSeconds: Percentiles;
}

/** A transition of a task, or an entry of its handler. */
export interface LogEntry {
  logId: number;
  at: Date;
  level: LogLevel;
  message: string;
  details: JsonValue;
  attempt: number;
}

export interface WorkerState {
  workerId: string;
  host: string | null;
  pid: number | null;
  version: string | null;
  /** Null: any type. */
  types: string[] | null;
  capabilities: JsonObject;
  slots: number;
  heldTaskIds: number[];
  startedAt: Date;
  lastHeartbeat: Date;
  live: boolean;
  /** `silent` has missed its heartbeats and still holds tasks; `gone` holds none. */
  state: 'live' | 'silent' | 'gone';
  /** Handlers still running after their attempts ended; each keeps a slot. */
  overdue: number;
}

/** The signed-in key, and its permissions. */
export interface Session {
  /** False while the server has no key: `scopes` then apply to every client. */
  keyRequired: boolean;
  /** Of the key; null without one. */
  name: string | null;
  /** What the key permits; `admin` includes everything. */
  scopes: Scope[];
  /** Whether payloads and results are shown; else they are null. */
  seesPayloads: boolean;
}

/** A change, or a request for one. */
export interface AuditEntry {
  auditId: number;
  at: Date;
  /** The name of the key; `anonymous` without one; `cli:` and a user for a command on the file. */
  actor: string;
  address: string | null;
  requestId: string | null;
  action: string;
  taskId: number | null;
  outcome: string;
  details: JsonObject | null;
}

/** The result of one check. `warning`: it works, but needs attention. `problem`: something is wrong. */
export interface Finding {
  check: string;
  level: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do about it; null if all is well. */
  advice: string | null;
}

/** The findings of a check of the database. */
export interface Diagnosis {
  /** The worst of all levels; null before the first check. */
  level: Finding['level'] | null;
  /** Another check is running: query again for its findings. */
  running: boolean;
  /** When these findings were taken; null before the first check. */
  checkedAt: Date | null;
  tookSeconds: number | null;
  findings: Finding[];
}
