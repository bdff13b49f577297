import type { LogEntry } from '../../client/index.js';
import { type TransitionKind, transitionIn } from './transition.js';

/** One execution of a task. */
export interface Attempt {
  /** Of the log entry that tells of its beginning. */
  logId: number;
  number: number;
  worker: string;
  began: Date;
  /** Null while it runs. */
  ended: Date | null;
  outcome: Exclude<TransitionKind, 'claimed' | 'queuedAgain'> | null;
  /** What went wrong. */
  error: string | null;
}

/** The attempts that a log tells of, oldest first. */
export function attemptsIn(entries: readonly LogEntry[]): Attempt[] {
  const attempts: Attempt[] = [];
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
