import { formatInstant } from '../domain/instant.js';
import type { ClaimedTask, StoredTask } from '../domain/stored-task.js';
import { accessOf } from './access/access.js';
import type { Outlook } from './queue-outlook.js';
import type { Reply } from './reply.js';

const text = (value: string | null): string => (value === null ? 'null' : JSON.stringify(value));
const instant = (ms: number | null): string => (ms === null ? 'null' : `"${formatInstant(ms)}"`);

/** All members, without the braces. */
const members = (task: StoredTask, isOpen = true): string =>
  `"task_id":${task.id},"type":${JSON.stringify(task.type)},"status":"${task.status}",` +
  `"priority":${task.priority},"attempts":${task.attempts},"max_attempts":${task.maxAttempts},` +
  `"payload":${isOpen ? task.payload : 'null'},"compatibility":${task.compatibility},` +
  `"progress":${task.progress},"progress_message":${text(task.progressMessage)},"result":${isOpen ? task.result : 'null'},` +
  `"error_message":${text(task.errorMessage)},"failure_reason":${text(task.failureReason)},` +
  `"created_at_utc":${instant(task.createdAt)},"updated_at_utc":${instant(task.updatedAt)},` +
  `"run_after_utc":${instant(task.runAfter)},"processing_started_utc":${instant(task.processingStartedAt)},` +
  `"finished_at_utc":${instant(task.finishedAt)},"lease_until_utc":${instant(task.leaseUntil)},` +
  `"locked_by":${text(task.lockedBy)},"idempotency_key":${text(task.idempotencyKey)},` +
  `"done":${task.finishedAt !== null}`;

/** What a client may see of a task. */
export type TaskText = (task: StoredTask) => string;

/** Stored tasks do not change: whoever polls one that is remembered gets the text that is. */
function remembering(textOf: TaskText): TaskText {
  const texts = new WeakMap<StoredTask, string>();
  return (task) => {
    const known = texts.get(task);
    if (known !== undefined) return known;
    const text = textOf(task);
    texts.set(task, text);
    return text;
  };
}

/**
 * The one mapper from a stored task to the resource of the API, as JSON text: payload, compatibility and result are
 * stored as JSON text and pass through unparsed.
 */
const wholeTask = remembering((task) => `{${members(task)}}`);

/** The same for who may not see what a task is about: payload and result are null. */
const taskWithoutPayload = remembering((task) => `{${members(task, false)}}`);

/** The resource as those see it whom `res` answers. */
export const taskTextFor = (res: Reply): TaskText =>
  accessOf(res).seesPayloads ? wholeTask : taskWithoutPayload;

/** The resource of a queued task, with the outlook of its turn. */
export const withOutlook = (task: string, { position, estimatedStart }: Outlook): string =>
  `${task.slice(0, -1)},"queue_position":${position},"estimated_start_utc":${instant(estimatedStart)}}`;

/** The task resource, the proof of holding it, and the trace of whoever enqueued it. Who is to run a task sees what it is about. */
export const claimedTaskJson = (task: ClaimedTask): string =>
  `{${members(task)},"lease_token":${JSON.stringify(task.leaseToken)},"traceparent":${text(task.traceparent)}}`;
