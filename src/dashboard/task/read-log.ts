import type { LogEntry } from '../../client/index.js';
import type { JsonValue } from '../../core/json.js';
import type { LOGGED_AS } from '../../core/task-log.js';

type Words = typeof LOGGED_AS;

export type TransitionKind = keyof Words;

/** The opening words of log entries by transition; the compiler compares them with the server's. */
const WORDS: { readonly [Kind in TransitionKind]: Words[Kind] } = {
  claimed: 'Claimed by ',
  completed: 'Completed',
  willBeRetried: 'Will be retried: ',
  failed: 'Failed: ',
  timedOut: 'Timed out, and its handler did not return',
  expired: 'Lease expired: ',
  released: 'Released by its worker',
  cancelled: 'Cancelled by user',
  queuedAgain: 'Queued again by user',
};

const KINDS = Object.keys(WORDS) as TransitionKind[];

/** The transition that a log entry reports, and the rest of its text; null for a handler's entry. */
export function transitionIn(message: string): { kind: TransitionKind; rest: string } | null {
  const kind = KINDS.find((one) => message.startsWith(WORDS[one]));
  return kind ? { kind, rest: message.slice(WORDS[kind].length) } : null;
}

export interface LoggedAttempt {
  /** Of the log entry for its start. */
  logId: number;
  number: number;
  worker: string;
  began: Date;
  /** Null while it runs. */
  ended: Date | null;
  outcome: Exclude<TransitionKind, 'claimed' | 'queuedAgain'> | null;
  error: string | null;
}

/** The attempts in a log, oldest first. */
export function attemptsIn(entries: readonly LogEntry[]): LoggedAttempt[] {
  const attempts: LoggedAttempt[] = [];
  for (const { logId, at, message, attempt } of entries) {
    const transition = transitionIn(message);
    if (transition === null || transition.kind === 'queuedAgain') continue;
    const { kind, rest } = transition;
    if (kind === 'claimed') {
      attempts.push({
        logId,
        number: attempt,
        worker: rest,
        began: at,
        ended: null,
        outcome: null,
        error: null,
      });
      continue;
    }
    const open = attempts.at(-1);
    // A task that is cancelled before it ran has no attempt.
    if (!open || open.ended) continue;
    open.ended = at;
    open.outcome = kind;
    open.error = rest || null;
  }
  return attempts;
}

/** A line of a stored error: its stack, then its causes, each one level deeper. */
export interface ErrorLine {
  /** Levels below the error of the attempt. */
  depth: number;
  text: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function linesOf(error: unknown, depth: number, lead: string): ErrorLine[] {
  if (!isObject(error)) return [];
  const { name, message, code, stack, cause, errors, thrown, value } = error;
  if (thrown !== undefined) return [{ depth, text: `${lead}${thrown} ${value}` }];
  const [first = '', ...rest] = (typeof stack === 'string' ? stack : `${name}: ${message}`).split('\n');
  return [
    { depth, text: `${lead}${first}${code === undefined ? '' : ` [${code}]`}` },
    ...rest.map((line) => ({ depth: depth + 1, text: line.trim() })),
    ...linesOf(cause, depth + 1, 'caused by: '),
    ...(Array.isArray(errors) ? errors.flatMap((one) => linesOf(one, depth + 1, 'one of: ')) : []),
  ];
}

/** The error in the details of a log entry; null for other details. */
export function errorIn(details: JsonValue): ErrorLine[] | null {
  const lines = isObject(details) ? linesOf(details.error, 0, '') : [];
  return lines.length > 0 ? lines : null;
}
