/** What the commands about tasks end with. */
export const EXIT = Object.freeze({
  ok: 0,
  /** Wrong usage, no server, or refused by it. */
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
