import { createHash } from 'node:crypto';
import { canonicalJson } from './json.js';

/** A task as its creator asks for it, defaults filled in. */
export interface TaskRequest {
  type: string;
  priority: number;
  /** JSON text of an object. */
  payload: string;
  /** Canonical JSON text of an object. */
  compatibility: string;
  maxAttempts: number;
  /** When it is due, in milliseconds since 1970 UTC; null is at once. */
  runAfter: number | null;
  idempotencyKey: string | null;
  /** W3C trace context of whoever asks for it; not a part of what is asked for. */
  traceparent?: string | null;
}

/**
 * Digest of what was asked for: two requests with one idempotency key are the same request exactly when their
 * digests are equal. Payloads are compared by value, whatever the order of keys.
 */
export function requestDigest(task: TaskRequest): string {
  const asked = [
    task.type,
    task.priority,
    JSON.parse(task.payload),
    task.compatibility,
    task.maxAttempts,
    task.runAfter,
  ];
  return createHash('sha256').update(canonicalJson(asked)).digest('base64url');
}
