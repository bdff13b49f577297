import { LOG_LEVELS } from '../log-level.js';
import { TASK_LIMITS } from '../task-limits.js';
import { FAILURE_REASONS, TASK_STATUSES } from '../task-status.js';
import type { TransferLogEntry, TransferTask } from './transfer-task.js';
import {
  canonicalObject,
  instant,
  integer,
  json,
  jsonObject,
  number,
  oneOf,
  orNull,
  shortText,
  text,
  type ValueKind,
} from './value-kinds.js';

/** How an object stands in a line: for each property its name there, and its kind. */
export type Fields<T> = { [Name in keyof T]-?: readonly [name: string, kind: ValueKind<T[Name]>] };

const { nameLength, priority, maxAttempts, idempotencyKeyLength } = TASK_LIMITS;
const SETTLED_AS = ['complete', 'fail', 'release'] as const;
const ID = integer(1, Number.MAX_SAFE_INTEGER);

/** In the order in which they are written; as in the API, where it has them. */
export const TASK_FIELDS: Fields<Omit<TransferTask, 'log'>> = {
  id: ['task_id', ID],
  type: ['type', shortText(nameLength, { isName: true })],
  status: ['status', oneOf(TASK_STATUSES)],
  priority: ['priority', integer(priority.min, priority.max)],
  attempts: ['attempts', integer(0, maxAttempts.max)],
  maxAttempts: ['max_attempts', integer(maxAttempts.min, maxAttempts.max)],
  payload: ['payload', jsonObject],
  compatibility: ['compatibility', canonicalObject],
  progress: ['progress', orNull(number(0, 100))],
  progressMessage: ['progress_message', orNull(text)],
  result: ['result', orNull(json)],
  errorMessage: ['error_message', orNull(text)],
  failureReason: ['failure_reason', orNull(oneOf(FAILURE_REASONS))],
  createdAt: ['created_at_utc', instant],
  updatedAt: ['updated_at_utc', instant],
  runAfter: ['run_after_utc', instant],
  processingStartedAt: ['processing_started_utc', orNull(instant)],
  finishedAt: ['finished_at_utc', orNull(instant)],
  lockedBy: ['locked_by', orNull(shortText(nameLength))],
  idempotencyKey: ['idempotency_key', orNull(shortText(idempotencyKeyLength))],
  requestDigest: ['request_digest', orNull(shortText(idempotencyKeyLength))],
  traceparent: ['traceparent', orNull(text)],
  settledToken: ['settled_token', orNull(text)],
  settledAs: ['settled_as', orNull(oneOf(SETTLED_AS))],
};

export const LOG_FIELDS: Fields<TransferLogEntry> = {
  at: ['at_utc', instant],
  level: ['level', oneOf(LOG_LEVELS)],
  message: ['message', text],
  details: ['details', orNull(json)],
  attempt: ['attempt', integer(0, maxAttempts.max)],
};
