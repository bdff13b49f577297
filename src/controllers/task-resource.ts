import { formatInstant } from '../domain/instant.js';
import type { ClaimedTask, StoredTask } from '../domain/stored-task.js';
import type { Outlook } from './queue-outlook.js';

const text = (value: string | null): string => (value === null ? 'null' : JSON.stringify(value));
const instant = (ms: number | null): string => (ms === null ? 'null' : `"${formatInstant(ms)}"`);

/** All members, without the braces. */
const members = (task: StoredTask): string =>
  `"task_id":${task.id},"type":${JSON.stringify(task.type)},"status":"${task.status}",` +
  `"priority":${task.priority},"attempts":${task.attempts},"max_attempts":${task.maxAttempts},` +
  `"payload":${task.payload},"compatibility":${task.compatibility},` +
  `"progress":${task.progress},"progress_message":${text(task.progressMessage)},"result":${task.result},` +
  `"error_message":${text(task.errorMessage)},"failure_reason":${text(task.failureReason)},` +
  `"created_at_utc":${instant(task.createdAt)},"updated_at_utc":${instant(task.updatedAt)},` +
  `"run_after_utc":${instant(task.runAfter)},"processing_started_utc":${instant(task.processingStartedAt)},` +
  `"finished_at_utc":${instant(task.finishedAt)},"lease_until_utc":${instant(task.leaseUntil)},` +
  `"locked_by":${text(task.lockedBy)},"idempotency_key":${text(task.idempotencyKey)},` +
  `"done":${task.finishedAt !== null}`;

/** Stored tasks do not change: whoever polls one that is remembered gets the text that is. */
const texts = new WeakMap<StoredTask, string>();

/**
 * The one mapper from a stored task to the resource of the API, as JSON text: payload, compatibility and result are
 * stored as JSON text and pass through unparsed.
 */
export function taskJson(task: StoredTask): string {
  const known = texts.get(task);
  if (known !== undefined) return known;
  const json = `{${members(task)}}`;
  texts.set(task, json);
  return json;
}

/** The resource of a queued task, with the outlook of its turn. */
export const queuedTaskJson = (task: StoredTask, { position, estimatedStart }: Outlook): string =>
  `${taskJson(task).slice(0, -1)},"queue_position":${position},"estimated_start_utc":${instant(estimatedStart)}}`;

/** The task resource, the proof of holding it, and the trace of whoever enqueued it. */
export const claimedTaskJson = (task: ClaimedTask): string =>
  `{${members(task)},"lease_token":${JSON.stringify(task.leaseToken)},"traceparent":${text(task.traceparent)}}`;
