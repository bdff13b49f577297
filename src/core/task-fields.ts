import { TASK_LIMITS, TEXT_LIMITS } from './limits.js';
import type { TaskField, TaskPart } from './task-field.js';
import { FAILURE_REASONS, TASK_STATUSES } from './task-status.js';

const SETTLED_AS = ['complete', 'fail', 'release'] as const;

const { priority, maxAttempts } = TASK_LIMITS;

/**
 * Every field of a task, by its property in storage, in the order of replies and export files. Requests, replies,
 * documentation, export files, the client, the command line and all their types derive from this list.
 */
export const TASK_FIELDS = {
  id: {
    wire: 'task_id',
    property: 'taskId',
    kind: 'integer',
    min: 1,
    description: 'Its number: larger than that of every task before, and never used again.',
  },
  type: {
    wire: 'type',
    kind: 'name',
    maxLength: TASK_LIMITS.nameLength,
    description: 'Selects its handler.',
    request: { position: 1 },
  },
  status: {
    wire: 'status',
    kind: 'choice',
    values: TASK_STATUSES,
    description:
      'Its state. A scheduled task, or one that waits for its next attempt, is `queued` with a later `run_after_utc`.',
  },
  /** 1 to 1000, lower runs first; default 100. */
  priority: {
    wire: 'priority',
    kind: 'integer',
    min: priority.min,
    max: priority.max,
    description: 'A lower number is claimed first.',
    request: { position: 2, default: priority.default },
    label: 'priority',
  },
  attempts: {
    wire: 'attempts',
    kind: 'integer',
    storedMax: maxAttempts.max,
    description: 'Executions begun: 0 when fresh, 1 while the first is running.',
  },
  /** Attempts in all, 1 to 10; default 5. */
  maxAttempts: {
    wire: 'max_attempts',
    kind: 'integer',
    min: maxAttempts.min,
    max: maxAttempts.max,
    description: 'Maximum number of attempts, including the first.',
    request: { position: 5, default: maxAttempts.default },
  },
  payload: {
    wire: 'payload',
    kind: 'object',
    description: 'The input of its handler.',
    masked: 'The input of its handler; null where the server keeps payloads from the key that asks.',
    request: { position: 3, default: {} },
    label: 'payload',
  },
  /** What a worker must offer; default nothing. */
  compatibility: {
    wire: 'compatibility',
    kind: 'canonicalObject',
    maxBytes: TEXT_LIMITS.compatibility,
    description: 'Capabilities that a worker must have.',
    request: {
      position: 4,
      default: {},
      description:
        'Capabilities that a worker must have, such as `{"region": "us-west"}`; up to 4 kB as JSON.',
    },
    label: 'requires',
  },
  /** 0 to 100, or null until the handler reports it. */
  progress: {
    wire: 'progress',
    kind: 'number',
    nullable: true,
    max: 100,
    description: 'Progress in percent; null until its handler reports it. 100 on completion.',
  },
  progressMessage: {
    wire: 'progress_message',
    kind: 'text',
    nullable: true,
    description: 'What its handler is doing, in its own words.',
  },
  result: {
    wire: 'result',
    kind: 'json',
    nullable: true,
    masked: true,
    description:
      'What its handler returned; null until it has, if it returned null, and where payloads are null.',
    label: 'result',
  },
  errorMessage: {
    wire: 'error_message',
    kind: 'text',
    nullable: true,
    description: 'Why its last attempt failed; null on a completed one.',
    label: 'error',
  },
  failureReason: {
    wire: 'failure_reason',
    kind: 'choice',
    nullable: true,
    values: FAILURE_REASONS,
    description: 'Why it is `failed`; null on every other task.',
  },
  createdAt: {
    wire: 'created_at_utc',
    kind: 'instant',
    description: 'When it was enqueued.',
    label: 'created',
  },
  updatedAt: {
    wire: 'updated_at_utc',
    kind: 'instant',
    description: 'When it last changed.',
  },
  /** Not before then; default now. */
  runAfter: {
    wire: 'run_after_utc',
    kind: 'instant',
    description: 'When it falls due, or fell due.',
    request: {
      position: 6,
      default: null,
      description: 'When it is due; null or absent: now. RFC 3339; without a zone it is UTC.',
    },
  },
  processingStartedAt: {
    wire: 'processing_started_utc',
    kind: 'instant',
    nullable: true,
    description: 'When its last attempt began; null while it is queued.',
    label: 'started',
  },
  finishedAt: {
    wire: 'finished_at_utc',
    kind: 'instant',
    nullable: true,
    description: 'When it was completed or failed; null until then.',
  },
  leaseUntil: {
    wire: 'lease_until_utc',
    kind: 'instant',
    nullable: true,
    in: ['stored', 'reply'],
    description: 'When its lease ends without another heartbeat; null when no worker holds it.',
  },
  lockedBy: {
    wire: 'locked_by',
    kind: 'text',
    nullable: true,
    maxLength: TASK_LIMITS.nameLength,
    description: 'The worker that holds it, or held it last; null while it is queued.',
    label: 'worker',
  },
  /**
   * Enqueueing the same task again under the same key returns the first one. Only with a key does a client repeat an
   * enqueue by itself when the reply was lost.
   */
  idempotencyKey: {
    wire: 'idempotency_key',
    kind: 'text',
    nullable: true,
    maxLength: TASK_LIMITS.idempotencyKeyLength,
    description: 'The key that its enqueue was sent with.',
    request: {
      position: 7,
      default: null,
      description: 'Identifies this request, so that sending it again does not create a second task.',
    },
    label: 'key',
  },
  done: {
    wire: 'done',
    kind: 'flag',
    in: ['reply'],
    description: 'True when it is completed or failed, and will not change unless it is retried.',
  },
  /** Raised by every committed change of any task; unique. */
  revision: {
    wire: 'revision',
    kind: 'integer',
    in: ['stored'],
    description: 'Number of its last change, among all changes of all tasks.',
  },
  leaseToken: {
    wire: 'lease_token',
    kind: 'text',
    in: ['claim', 'claimReply'],
    description: 'Every write about this attempt must carry it.',
  },
  leaseMs: {
    wire: 'lease_ms',
    kind: 'integer',
    in: ['claim'],
    description: 'Milliseconds each renewal of the lease lasts.',
  },
  requestDigest: {
    wire: 'request_digest',
    kind: 'text',
    nullable: true,
    maxLength: TASK_LIMITS.idempotencyKeyLength,
    in: ['transfer'],
    description: 'Digest of the request that came with the key.',
  },
  traceparent: {
    wire: 'traceparent',
    kind: 'text',
    nullable: true,
    in: ['claim', 'claimReply', 'transfer'],
    description: 'W3C trace context of the request that enqueued it; null if that had no valid one.',
  },
  settledToken: {
    wire: 'settled_token',
    kind: 'text',
    nullable: true,
    in: ['transfer'],
    description: 'Token of the last settled attempt.',
  },
  settledAs: {
    wire: 'settled_as',
    kind: 'choice',
    nullable: true,
    values: SETTLED_AS,
    in: ['transfer'],
    description: 'How that attempt was settled.',
  },
} as const satisfies Readonly<Record<string, TaskField>>;

export type TaskFields = typeof TASK_FIELDS;

/** A field with its names: the column's, and the property's in TypeScript. */
export interface NamedTaskField extends TaskField {
  name: keyof TaskFields;
  property: string;
}

const ALL: readonly NamedTaskField[] = Object.entries<TaskField>(TASK_FIELDS).map(([name, field]) => ({
  ...field,
  name: name as keyof TaskFields,
  property: field.property ?? name,
}));

const IN_ALL_TASKS: readonly TaskPart[] = ['stored', 'reply', 'transfer'];

/** The fields of these parts of a task, in the order of the list. */
export const fieldsIn = (...parts: readonly TaskPart[]): NamedTaskField[] =>
  ALL.filter((field) => parts.some((part) => (field.in ?? IN_ALL_TASKS).includes(part)));

export const REPLY_FIELDS = fieldsIn('reply');

/** The fields that clients send, in the order of the request's document. */
export const REQUEST_FIELDS = ALL.filter(({ request }) => request).sort(
  (a, b) => (a.request?.position ?? ALL.length) - (b.request?.position ?? ALL.length),
);
