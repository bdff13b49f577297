import { canonicalJson } from '../domain/canonical-json.js';
import type { JsonObject } from '../domain/json.js';
import type { NewTask } from '../domain/new-task.js';
import { requireValueFits } from './require-value-fits.js';

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

/** `at` points to the task within its request. Throws VALIDATION_FAILED for a payload that is too large. */
export function toNewTask(fields: EnqueueFields, at = ''): NewTask {
  const payload = JSON.stringify(fields.payload);
  requireValueFits(payload, `${at}/payload`);
  return {
    type: fields.type,
    priority: fields.priority,
    payload,
    compatibility: canonicalJson(fields.compatibility),
    maxAttempts: fields.max_attempts,
    runAfter: fields.run_after_utc,
    idempotencyKey: fields.idempotency_key,
  };
}
