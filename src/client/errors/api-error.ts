import type { ErrorCode, FieldProblem } from '../../domain/spoolite-error.js';
import { recognizeAcrossCopies } from './across-copies.js';

/** What is known of an answer that was an error. */
export interface ApiErrorDetails {
  code: ErrorCode | null;
  status: number;
  problems: readonly FieldProblem[];
  requestId: string | null;
  retryAfterSeconds: number | null;
}

/** The server has answered with an error. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';
  static {
    recognizeAcrossCopies(ApiError, 'ApiError');
  }
  /** The API's `error_code`; null when the answer does not come from a Spoolite server, but from a proxy, say. */
  readonly code: ErrorCode | null;
  /** Of HTTP. */
  readonly status: number;
  /** The API's `errors`: where the request is wrong; empty for an error that is not about a field. */
  readonly problems: readonly FieldProblem[];
  /** Under which the server's log has more. */
  readonly requestId: string | null;
  /** When asking again is worth while, where the server said so. */
  readonly retryAfterSeconds: number | null;

  /** `detail` is one sentence for people, and the error's message. */
  constructor(
    readonly detail: string,
    { code, status, problems, requestId, retryAfterSeconds }: ApiErrorDetails,
  ) {
    super(detail);
    this.code = code;
    this.status = status;
    this.problems = problems;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
