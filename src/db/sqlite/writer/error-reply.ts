import { type ErrorCode, type FieldProblem, SpooliteError } from '../../../domain/spoolite-error.js';
import { isBusy } from '../is-busy.js';

/** An error in a form that passes between threads. */
export interface ErrorReply {
  code: ErrorCode;
  message: string;
  problems: readonly FieldProblem[];
  /** What the driver said: for the log, never for a client. */
  cause?: string;
}

function fromDriver(error: unknown): ErrorReply {
  const code = String((error as { code?: unknown }).code);
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (isBusy(error)) {
    return {
      code: 'STORAGE_BUSY',
      message: 'The storage is busy; try again in a moment',
      problems: [],
      cause,
    };
  }
  if (code === 'SQLITE_FULL' || code.startsWith('SQLITE_IOERR')) {
    return {
      code: 'STORAGE_FULL',
      message: 'The storage has no room; nothing was stored',
      problems: [],
      cause,
    };
  }
  return { code: 'INTERNAL_ERROR', message: 'Something went wrong in the server', problems: [], cause };
}

export function toErrorReply(error: unknown): ErrorReply {
  if (!(error instanceof SpooliteError)) return fromDriver(error);
  return { code: error.code, message: error.message, problems: error.problems };
}

export function fromErrorReply({ code, message, problems, cause }: ErrorReply): SpooliteError {
  const error = new SpooliteError(code, message, problems);
  if (cause !== undefined) error.cause = cause;
  return error;
}
