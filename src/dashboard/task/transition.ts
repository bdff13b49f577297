import type { LOGGED_AS } from '../../domain/transition-log.js';

type Words = typeof LOGGED_AS;

export type TransitionKind = keyof Words;

/** With which words a log tells of each transition; the compiler holds them against the server's. */
const WORDS: { readonly [Kind in TransitionKind]: Words[Kind] } = {
  claimed: 'Claimed by ',
  completed: 'Completed',
  willBeRetried: 'Will be retried: ',
  failed: 'Failed: ',
  timedOut: 'Timed out, and did not return to its worker',
  expired: 'Lease expired: ',
  released: 'Released by its worker',
  cancelled: 'Cancelled by user',
  queuedAgain: 'Queued again by user',
};

const KINDS = Object.keys(WORDS) as TransitionKind[];

/** The transition that a log entry tells of, and what it says besides; null for one that a handler wrote. */
export function transitionIn(message: string): { kind: TransitionKind; rest: string } | null {
  const kind = KINDS.find((one) => message.startsWith(WORDS[one]));
  return kind ? { kind, rest: message.slice(WORDS[kind].length) } : null;
}
