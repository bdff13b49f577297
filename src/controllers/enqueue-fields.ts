import { canonicalJson } from '../domain/canonical-json.js';
import type { JsonObject } from '../domain/json.js';
import type { NewTask } from '../domain/new-task.js';

/** A task as a request asks for it, validated, defaults filled in. */
export interface EnqueueFields {
  type: string;
  priority: number;
  payload: JsonObject;
  compatibility: JsonObject;
  max_attempts: number;
  /** Milliseconds since 1970 UTC; null is at once. */
  run_after_utc: number | null;
  idempotency_key: string | null;
}

export const toNewTask = (fields: EnqueueFields): NewTask => ({
  type: fields.type,
  priority: fields.priority,
  payload: JSON.stringify(fields.payload),
  compatibility: canonicalJson(fields.compatibility),
  maxAttempts: fields.max_attempts,
  runAfter: fields.run_after_utc,
  idempotencyKey: fields.idempotency_key,
});
