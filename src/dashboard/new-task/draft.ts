import type { AnyTasks, NewTask } from '../../client/index.js';
import type { Task } from '../api/client.js';
import { parseJsonObject } from './parse-json.js';

/** A task as it stands in the form: all of it is text. */
export interface Draft {
  type: string;
  payload: string;
  priority: string;
  maxAttempts: string;
  /** A local date and time, as the browser's own field writes it; empty is at once. */
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

/** A draft of a task like this one; a key stands for one task only, and is left out. */
export const draftLike = ({ type, payload, priority, maxAttempts, compatibility }: Task): Draft => ({
  ...EMPTY,
  type,
  // Null where it is hidden.
  payload: pretty(payload ?? {}),
  priority: `${priority}`,
  maxAttempts: `${maxAttempts}`,
  compatibility: pretty(compatibility),
});

/** By the names of the API, where its errors point. */
const FIELDS: Record<string, keyof Draft> = {
  type: 'type',
  payload: 'payload',
  priority: 'priority',
  max_attempts: 'maxAttempts',
  run_after_utc: 'runAfter',
  compatibility: 'compatibility',
  idempotency_key: 'idempotencyKey',
};

/** The field that a pointer such as `/payload/a/0` is about. */
export const fieldOf = (pointer: string): keyof Draft | undefined => FIELDS[pointer.split('/')[1] ?? ''];

/** Nothing is what the server takes for unsaid. */
const numberIn = (text: string): number | undefined => (text === '' ? undefined : Number(text));

/** The task of a draft, or what is wrong with it. What only the server can tell is left to it. */
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
