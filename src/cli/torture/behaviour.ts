/** What a torture task's payload tells its handler to do. */
export interface Behaviour {
  /** How it behaves while its attempt is one of the first `times`; afterwards it succeeds. */
  act: 'succeed' | 'fail' | 'reject' | 'postpone' | 'hang' | 'ignore' | 'block';
  times: number;
  /** How long it takes, in milliseconds. */
  ms: number;
  /** Report progress and write to the log on the way. */
  talk: boolean;
}

/** Types by how their handlers are limited in time. */
export const TORTURE_TYPES = {
  /** With ample time. */
  patient: 'torture',
  /** With little, and tried again when it is over. */
  hasty: 'torture_hasty',
  /** With little, and failed when it is over. */
  strict: 'torture_strict',
} as const;

/** How a handler's error names the attempt that threw it, so that a settle by another attempt can be told. */
export const ownAttempt = (attempt: number): string => `Failed on purpose in attempt ${attempt}`;

/** The attempt that an error text names; null when it names none. */
export function attemptNamedIn(text: string): number | null {
  const named = /Failed on purpose in attempt (\d+)/.exec(text)?.[1];
  return named === undefined ? null : Number(named);
}
