import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from './json.js';
import type { RequestBodyValue, RequestedValue } from './task-field.js';
import { REQUEST_FIELDS, type TaskFields } from './task-fields.js';

type Requested = { request: object };
type AddedLater = Requested & { addedLater: true };

/** What a client sends of a task, as it is to be stored: defaults filled in, JSON as text. */
type RequestedFields = {
  -readonly [Name in keyof TaskFields as TaskFields[Name] extends Requested
    ? TaskFields[Name] extends AddedLater
      ? never
      : Name
    : never]: RequestedValue<TaskFields[Name]>;
};

/** What was added later may be left out, which is null. */
type LaterFields = {
  -readonly [Name in keyof TaskFields as TaskFields[Name] extends AddedLater ? Name : never]?: RequestedValue<
    TaskFields[Name]
  >;
};

/** A task as its creator asks for it; null as the instant when it is due is at once. */
export interface TaskRequest extends RequestedFields, LaterFields {
  /** W3C trace context of whoever asks for it; not a part of what is asked for. */
  traceparent?: string | null;
}

/** A task in a request that was validated, defaults filled in. */
export type RequestBody = {
  -readonly [Name in keyof TaskFields as TaskFields[Name] extends Requested
    ? TaskFields[Name]['wire']
    : never]: RequestBodyValue<TaskFields[Name]>;
};

const ASKED = REQUEST_FIELDS.filter(({ name }) => name !== 'idempotencyKey').map(
  ({ name, wire, kind, addedLater }) => ({
    name: name as keyof TaskRequest,
    wire,
    isJson: kind === 'object',
    addedLater,
  }),
);

/**
 * Digest of what was asked for: two requests with one idempotency key are the same request exactly when their
 * digests are equal. Payloads are compared by value, whatever the order of keys. What was added later counts, by its
 * name, only where it is said, so that digests from before stay true.
 */
export function requestDigest(task: TaskRequest): string {
  const asked: JsonValue[] = [];
  for (const { name, wire, isJson, addedLater } of ASKED) {
    const value: JsonValue = isJson ? JSON.parse(task[name] as string) : (task[name] ?? null);
    if (!addedLater) asked.push(value);
    else if (value !== null) asked.push([wire, value]);
  }
  return createHash('sha256').update(canonicalJson(asked)).digest('base64url');
}
