import type { SpooliteClient } from '../../client/index.js';
import type { Task } from '../../core/task.js';
import type { Output } from '../output.js';

/** The tools of a command on tasks. */
export interface Context<Flags = object> {
  client: SpooliteClient;
  out: Output;
  flags: Flags;
  /** Aborted by Ctrl-C and SIGTERM. */
  signal: AbortSignal;
  /** To people only: standard error, wherever standard output goes. */
  warn(text: string): void;
}

/** Exit codes of the commands on tasks. */
export const EXIT = Object.freeze({
  ok: 0,
  /** Wrong usage, no connection, or refused by the server. */
  error: 1,
  failed: 2,
  cancelled: 3,
  timeout: 4,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
});

export const EXIT_CODES_HELP = `
Exit codes: 0 done; 1 wrong usage, no server, or refused by it; 130 Ctrl-C.`;

export const OUTCOME_HELP = `
Exit codes: 0 completed; 1 wrong usage, no server, or refused by it; 2 failed; 3 cancelled; 4 not done in time;
130 Ctrl-C. Of several tasks: 4 if one is not done, else 2 if one has failed, else 3 if one was cancelled.`;

/** The exit code for a finished task. */
export function exitCodeOf({ status, failureReason }: Task): number {
  if (status === 'completed') return EXIT.ok;
  return failureReason === 'cancelled' ? EXIT.cancelled : EXIT.failed;
}
