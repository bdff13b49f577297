import type { JsonObject, JsonValue } from './json.js';
import type { PartsOf, StoredValue, TaskFieldKind, TaskPart, TypedValue } from './task-field.js';
import { fieldsIn, REPLY_FIELDS, type TaskFields } from './task-fields.js';

export {
  FAILURE_REASONS,
  type FailureReason,
  isFinished,
  TASK_STATUSES,
  type TaskStatus,
} from './task-status.js';

/** The fields of a part of a task, as stored. */
export type StoredFields<Part extends TaskPart> = {
  -readonly [Name in keyof TaskFields as Part extends PartsOf<TaskFields[Name]> ? Name : never]: StoredValue<
    TaskFields[Name]
  >;
};

/**
 * A task as a repository returns it. Instants are milliseconds since 1970 UTC; JSON fields stay text, so that a poll
 * can be answered without parsing them.
 */
export interface StoredTask extends StoredFields<'stored'> {}

/** A task with the proof of its claim. */
export interface ClaimedTask extends StoredTask, StoredFields<'claim'> {}

type PropertyOf<Name extends keyof TaskFields> = TaskFields[Name] extends {
  property: infer Property extends string;
}
  ? Property
  : Name;

type TypedFields = {
  -readonly [Name in keyof TaskFields as 'reply' extends PartsOf<TaskFields[Name]>
    ? PropertyOf<Name>
    : never]: TypedValue<TaskFields[Name]>;
};

/** A task for TypeScript code: camelCase, `Date` instants, parsed JSON. */
export interface Task<Payload = JsonObject, Result = JsonValue>
  extends Omit<TypedFields, 'payload' | 'result'> {
  /** Null, despite its type, if the server withholds payloads from the client's key. */
  payload: Payload;
  result: Result | null;
}

const TEXT_KINDS: readonly TaskFieldKind[] = ['name', 'text', 'object', 'canonicalObject', 'json'];

const TEXTS = fieldsIn('stored')
  .filter(({ kind }) => TEXT_KINDS.includes(kind))
  .map(({ name }) => name as keyof StoredTask);

/** Characters of all texts of a task. */
export function textLength(task: StoredTask): number {
  let length = 0;
  for (let at = 0; at < TEXTS.length; at++) {
    const text = task[TEXTS[at] as keyof StoredTask] as string | null;
    if (text !== null) length += text.length;
  }
  return length;
}

type Typed = (value: unknown, stored: StoredTask) => unknown;

const parsed: Typed = (value) => (value === null ? null : JSON.parse(value as string));

/** Converts a stored value for TypeScript code; values of other kinds stay as they are. */
const TYPED: { readonly [Kind in TaskFieldKind]?: Typed } = {
  instant: (value) => (value === null ? null : new Date(value as number)),
  object: parsed,
  canonicalObject: parsed,
  json: parsed,
  // The only flag: whether a task is done.
  flag: (_, { finishedAt }) => finishedAt !== null,
};

const MEMBERS = REPLY_FIELDS.map(({ name, property, kind }) => ({ name, property, typed: TYPED[kind] }));

type Values = Record<string, unknown>;

/** The one mapper from storage to TypeScript code. */
export function toTask(stored: StoredTask): Task {
  const task: Values = {};
  for (const { name, property, typed } of MEMBERS) {
    const value = (stored as unknown as Values)[name];
    task[property] = typed === undefined ? value : typed(value, stored);
  }
  return task as unknown as Task;
}
