import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from './json.js';
import type { RequestBodyValue, RequestedValue } from './task-field.js';
import { REQUEST_FIELDS, type TaskFields } from './task-fields.js';

type Requested = { request: object };
type AddedLater = Requested & { addedLater: true };

/** A client's fields of a task, ready to store: defaults filled in, JSON as text. */
type RequestedFields = {
  -readonly [Name in keyof TaskFields as TaskFields[Name] extends Requested
    ? TaskFields[Name] extends AddedLater
      ? never
      : Name
    : never]: RequestedValue<TaskFields[Name]>;
};

/** Fields added later may be left out; absent is null. */
type LaterFields = {
  -readonly [Name in keyof TaskFields as TaskFields[Name] extends AddedLater ? Name : never]?: RequestedValue<
    TaskFields[Name]
  >;
};

/** A request to create a task; a `runAfter` of null means now. */
export interface TaskRequest extends RequestedFields, LaterFields {
  /** W3C trace context of the caller; not part of the request's identity. */
  traceparent?: string | null;
}

/** A task in a validated request, defaults filled in. */
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
 * Digest of a request: two requests with one idempotency key are the same exactly if their digests are equal. Payloads
 * are compared by value, whatever the order of keys. Fields added later count, by name, only if present, so that older
 * digests stay valid.
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
