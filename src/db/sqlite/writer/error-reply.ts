import { type ErrorCode, type FieldProblem, OutcomeUnknown, SpooliteError } from '../../../core/errors.js';

/** An error in a form that passes between threads. */
export interface ErrorReply {
  code: ErrorCode;
  message: string;
  problems: readonly FieldProblem[];
  /** What the driver said: for the log, never for a client. */
  cause?: string;
  /** The write may be stored nevertheless. */
  isOutcomeUnknown?: true;
}

/** What the driver's codes mean to a caller, by how they begin. */
const DRIVER_ERRORS: readonly (readonly [prefix: string, code: ErrorCode, message: string])[] = [
  ['SQLITE_BUSY', 'STORAGE_BUSY', 'The storage is busy; try again in a moment'],
  ['SQLITE_FULL', 'STORAGE_FULL', 'The storage has no room; nothing was stored'],
  ['SQLITE_IOERR', 'STORAGE_FULL', 'The disk did not take the write; nothing was stored'],
  ['SQLITE_READONLY', 'NOT_READY', 'The database file can no longer be written; nothing was stored'],
  ['SQLITE_CORRUPT', 'NOT_READY', 'The database file is damaged: stop the program and restore a backup'],
  ['SQLITE_NOTADB', 'NOT_READY', 'The database file is damaged: stop the program and restore a backup'],
];

function fromDriver(error: unknown): ErrorReply {
  const driverCode = String((error as { code?: unknown }).code);
  const [, code, message] = DRIVER_ERRORS.find(([prefix]) => driverCode.startsWith(prefix)) ?? [
    '',
    'INTERNAL_ERROR' as const,
    'Something went wrong in the server',
  ];
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code, message, problems: [], cause };
}

export function toErrorReply(error: unknown): ErrorReply {
  if (!(error instanceof SpooliteError)) return fromDriver(error);
  return { code: error.code, message: error.message, problems: error.problems };
}

/** For a commit that failed and could not be undone. */
export const outcomeUnknown = (error: unknown): ErrorReply => ({
  ...toErrorReply(error),
  isOutcomeUnknown: true,
});

export function fromErrorReply({
  code,
  message,
  problems,
  cause,
  isOutcomeUnknown,
}: ErrorReply): SpooliteError {
  if (isOutcomeUnknown) return new OutcomeUnknown(cause);
  const error = new SpooliteError(code, message, problems);
  if (cause !== undefined) error.cause = cause;
  return error;
}
