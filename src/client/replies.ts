import type { Scope } from '../core/access.js';
import type { JsonObject, JsonValue } from '../core/json.js';
import type { TaskStatus } from '../core/task.js';
import type { LogLevel } from '../core/task-log.js';
import type { TaskId } from './task-types.js';

/** Says that a task is stored. */
export interface Enqueued<Type extends string = string> {
  taskId: TaskId<Type>;
  /** `queued`; where the idempotency key was there already, whatever that task has come to. */
  status: TaskStatus;
  createdAt: Date;
  message: string;
}

/** What has become of a task that was to be cancelled or tried again. */
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
  /** Seconds for which the task has been due that has waited longest; null when none is due. */
  oldestDueAgeSeconds: number | null;
}

export interface TypeStats extends Stats {
  type: string;
  /** From due to claimed; null before there was one. */
  usualWaitSeconds: number | null;
  /** From claimed to completed. */
  usualRunSeconds: number | null;
}

/** In seconds; null where there was nothing to measure. */
export interface Percentiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}

/** What happened in one span of minutes. */
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

/** A transition of a task, or something that its handler logged. */
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
  /** Null is any type. */
  types: string[] | null;
  capabilities: JsonObject;
  slots: number;
  heldTaskIds: number[];
  startedAt: Date;
  lastHeartbeat: Date;
  live: boolean;
  /** `silent` has missed its heartbeats and still holds tasks; `gone` holds none. */
  state: 'live' | 'silent' | 'gone';
  /** Handlers that still run although their attempts are over; each keeps a slot. */
  overdue: number;
}

/** Who is signed in, and what he may do. */
export interface Session {
  /** False while the server has no key: then everybody may do what `scopes` says. */
  keyRequired: boolean;
  /** Of the key; null without one. */
  name: string | null;
  /** What it is for. `admin` is all of it. */
  scopes: Scope[];
  /** Whether payloads and results are shown; else they are null. */
  seesPayloads: boolean;
}

/** Something that somebody changed, or asked to. */
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

/** What was found of one thing. `warning`: it works, but somebody should see to it. `problem`: something is wrong. */
export interface Finding {
  check: string;
  level: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do about it; null where all is well. */
  advice: string | null;
}

/** What an examination of the database has found. */
export interface Examination {
  /** The worst of all levels; null before anything was examined. */
  level: Finding['level'] | null;
  /** Another examination is under way: ask again for what it will find. */
  running: boolean;
  /** When these findings were taken; null before anything was examined. */
  examinedAt: Date | null;
  tookSeconds: number | null;
  findings: Finding[];
}
