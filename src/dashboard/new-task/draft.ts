import type { AnyTasks, NewTask } from '../../client/index.js';
import type { Task } from '../api/client.js';
import { parseJsonObject } from './parse-json.js';

/** The contents of the form, all as text. */
export interface Draft {
  type: string;
  payload: string;
  priority: string;
  maxAttempts: string;
  /** A local date and time in the format of the browser's control; empty: now. */
  runAfter: string;
  compatibility: string;
  idempotencyKey: string;
}

export type DraftedTask = NewTask<AnyTasks, string>;

export type Problems = Partial<Record<keyof Draft, string>>;

export const EMPTY: Draft = {
  type: '',
  payload: '{}',
  priority: '100',
  maxAttempts: '5',
  runAfter: '',
  compatibility: '{}',
  idempotencyKey: '',
};

const pretty = (value: object): string => JSON.stringify(value, null, 2);

/** A draft that duplicates a task, except for the key, which identifies one task only. */
export const draftLike = ({ type, payload, priority, maxAttempts, compatibility }: Task): Draft => ({
  ...EMPTY,
  type,
  // Null if hidden.
  payload: pretty(payload ?? {}),
  priority: `${priority}`,
  maxAttempts: `${maxAttempts}`,
  compatibility: pretty(compatibility),
});

/** By the API's names, as in the pointers of its errors. */
const FIELDS: Record<string, keyof Draft> = {
  type: 'type',
  payload: 'payload',
  priority: 'priority',
  max_attempts: 'maxAttempts',
  run_after_utc: 'runAfter',
  compatibility: 'compatibility',
  idempotency_key: 'idempotencyKey',
};

/** The field of a pointer such as `/payload/a/0`. */
export const fieldOf = (pointer: string): keyof Draft | undefined => FIELDS[pointer.split('/')[1] ?? ''];

/** Empty means the server's default. */
const numberIn = (text: string): number | undefined => (text === '' ? undefined : Number(text));

/** The task of a draft, or its problems. Checks that only the server can make are left to it. */
export function parseDraft(draft: Draft): { task: DraftedTask } | { problems: Problems } {
  const payload = parseJsonObject(draft.payload);
  const compatibility = parseJsonObject(draft.compatibility);
  const problems: Problems = {
    ...(draft.type.trim() === '' && { type: 'Enter a type.' }),
    ...('problem' in payload && { payload: payload.problem }),
    ...('problem' in compatibility && { compatibility: compatibility.problem }),
  };
  if (Object.keys(problems).length > 0 || 'problem' in payload || 'problem' in compatibility)
    return { problems };
  const { type, priority, maxAttempts, runAfter, idempotencyKey } = draft;
  return {
    task: {
      type,
      payload: payload.value,
      compatibility: compatibility.value,
      priority: numberIn(priority),
      maxAttempts: numberIn(maxAttempts),
      runAfter: runAfter === '' ? null : new Date(runAfter),
      idempotencyKey: idempotencyKey === '' ? null : idempotencyKey,
    },
  };
}
