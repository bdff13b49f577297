import type { JsonObject, JsonValue } from '../../domain/json.js';
import type { LogLevel } from '../../domain/log-level.js';
import type { Task as DomainTask } from '../../domain/task.js';
import type { TaskStatus } from '../../domain/task-status.js';

export interface Task extends DomainTask {
  queuePosition?: number;
  estimatedStart?: Date | null;
}
export interface Stats {
  totalTasks: number;
  queuedTasks: number;
  processingTasks: number;
  completedTasks: number;
  failedTasks: number;
}
export interface QueueStats extends Stats {
  oldestQueuedAgeSeconds: number | null;
}
export interface TypeStats extends Stats {
  type: string;
  usualWaitSeconds: number | null;
  usualRunSeconds: number | null;
}
export interface Percentiles {
  p50: number | null;
  p95: number | null;
  p99: number | null;
}
export interface HistorySpan {
  minute: Date;
  enqueued: number;
  started: number;
  completed: number;
  failed: number;
  waitSeconds: Percentiles;
  runSeconds: Percentiles;
}
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
  types: string[] | null;
  capabilities: JsonObject;
  slots: number;
  heldTaskIds: number[];
  startedAt: Date;
  lastHeartbeat: Date;
  live: boolean;
}
export interface Page<Item> {
  items: Item[];
  next: string | null;
}
export interface Acknowledged {
  taskId: number;
  status: TaskStatus;
  message: string;
}
export interface NewTask {
  type: string;
  payload?: JsonObject;
  priority?: number;
  maxAttempts?: number;
  runAfter?: Date | null;
  compatibility?: JsonObject;
  idempotencyKey?: string | null;
}
export interface TaskFilter {
  status?: TaskStatus;
  type?: string;
  idempotencyKey?: string;
}
