import type { ErrorCode, FieldProblem } from '../../domain/spoolite-error.js';
import { ApiError } from '../errors/api-error.js';
import { TaskNotFound } from '../errors/task-not-found.js';

/** An answer, its body parsed; null where there is none. */
export interface Reply {
  status: number;
  headers: Headers;
  body: unknown;
}

interface Problem {
  error_code?: ErrorCode;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
}

/** Longest text of a foreign answer that is told. */
const MAX_TOLD = 200;

const NOT_JSON = Symbol('not JSON');

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

/** Milliseconds since 1970 UTC; NaN for what is no date of HTTP, of which `Date.parse` makes one of its own. */
const httpDate = (text: string): number => (/^[A-Z][a-z]+,? .*\d/.test(text) ? Date.parse(text) : Number.NaN);

/** Longest advice that is followed: a year. */
const MAX_RETRY_AFTER_SECONDS = 365 * 24 * 3600;

/**
 * The seconds of a `Retry-After` header, which may also name a date: that one is read by the clock of the server which sent
 * it, where it says what time it has. Null without a header, or for one that is neither.
 */
export function retryAfterSecondsOf(headers: Headers): number | null {
  const text = headers.get('Retry-After')?.trim();
  if (!text) return null;
  const sentAt = Date.parse(headers.get('Date') ?? '') || Date.now();
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.ceil((httpDate(text) - sentAt) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), MAX_RETRY_AFTER_SECONDS);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function errorOf({ status, headers }: Response, body: unknown, text: string): ApiError {
  const problem: Problem = isObject(body) ? body : {};
  const foreign = `The server answered ${status} with something else than was asked for: ${text.slice(0, MAX_TOLD) || 'nothing'}`;
  const code = problem.error_code ?? null;
  return new (code === 'TASK_NOT_FOUND' ? TaskNotFound : ApiError)(problem.detail ?? foreign, {
    code,
    status,
    problems: problem.errors ?? [],
    requestId: problem.request_id ?? headers.get('X-Request-Id'),
    retryAfterSeconds: retryAfterSecondsOf(headers),
  });
}

/** The error that an answer is. */
export async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text();
  return errorOf(response, parse(text), text);
}

/** Reads an answer to its end. Throws `ApiError` for one that is an error, or not from a Spoolite server. */
export async function readReply(response: Response): Promise<Reply> {
  const { status, headers } = response;
  if (status === 304) return { status, headers, body: null };
  const text = await response.text();
  const body = parse(text);
  if (response.ok && body !== NOT_JSON) return { status, headers, body };
  throw errorOf(response, body, text);
}
