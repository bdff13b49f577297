import type { ErrorCode, FieldProblem } from '../core/errors.js';
import type { TaskFields } from '../core/task-fields.js';
import { ApiError, TaskNotFound } from './errors.js';
import type { Page } from './queries.js';
import type { WorkerState } from './replies.js';

const INSTANT = '_utc';

/** Members whose name is not simply the same in the other spelling. */
const MEMBER_NAMES = new Map<string, string>([
  ['processing_started_utc', 'processingStartedAt'] satisfies [TaskFields[keyof TaskFields]['wire'], string],
]);

function nameOf(key: string): string {
  const known = MEMBER_NAMES.get(key);
  if (known !== undefined) return known;
  const name = key.replace(/_utc$/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  MEMBER_NAMES.set(key, name);
  return name;
}

/**
 * The one mapper from what the API answers to what TypeScript code sees: camelCase, instants as `Date`. Only the members
 * of the resource itself: what is inside of them (a payload, a result, details) is the user's.
 */
export function fromResource<Resource>(resource: object): Resource {
  const entries = Object.entries(resource).map(([key, value]) => [
    nameOf(key),
    key.endsWith(INSTANT) && value !== null ? new Date(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/** What clients send that is an instant. The list of fields itself, with all its texts, would double the size of the client. */
type SentInstant = {
  [Name in keyof TaskFields]: TaskFields[Name] extends { kind: 'instant'; request: object } ? Name : never;
}[keyof TaskFields];

const SENT_INSTANTS: Readonly<Record<SentInstant, true>> = { runAfter: true };

const fieldOf = (name: string): string => {
  const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(SENT_INSTANTS, name) ? `${field}${INSTANT}` : field;
};

/** An instant that is none must not become "at once": JSON would make null of it. */
const toField = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

/**
 * A new task as the API takes it. A misspelt name goes along, to be refused there. Throws `RangeError` for a `Date` that
 * is no instant.
 */
export const enqueueBody = (task: object): object =>
  Object.fromEntries(Object.entries(task).map(([name, value]) => [fieldOf(name), toField(value)]));

/** Ids as a query has them; undefined where there is no such filter. Throws `RangeError` for a filter that lets nothing through. */
export function idsParameter(ids: readonly number[] | undefined): string | undefined {
  if (ids?.length === 0) throw new RangeError('ids must name at least one task');
  return ids?.join();
}

/** An answer, its body parsed; null where there is none. */
export interface ApiReply {
  status: number;
  headers: Headers;
  body: unknown;
}

interface ProblemBody {
  error_code?: ErrorCode;
  title?: string;
  detail?: string;
  request_id?: string;
  errors?: FieldProblem[];
}

/** Longest text of a foreign answer that is told. */
const MAX_QUOTED = 200;

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
  const problem: ProblemBody = isObject(body) ? body : {};
  const foreign = `The server answered ${status} with something else than was asked for: ${text.slice(0, MAX_QUOTED) || 'nothing'}`;
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
export async function readError(response: Response): Promise<ApiError> {
  const text = await response.text();
  return errorOf(response, parse(text), text);
}

/** Reads an answer to its end. Throws `ApiError` for one that is an error, or not from a Spoolite server. */
export async function readReply(response: Response): Promise<ApiReply> {
  const { status, headers } = response;
  if (status === 304) return { status, headers, body: null };
  const text = await response.text();
  const body = parse(text);
  if (response.ok && body !== NOT_JSON) return { status, headers, body };
  throw errorOf(response, body, text);
}

/** The cursor of the next page, which a `Link` header leads to; null on the last one. */
export function nextCursor(headers: Headers): string | null {
  const next = /<[^>]*\?([^>]*)>;\s*rel="next"/.exec(headers.get('Link') ?? '')?.[1];
  return next === undefined ? null : new URLSearchParams(next).get('cursor');
}

/** All items, page after page; each is read when its first item is asked for. */
export async function* readAllPages<Item>(
  read: (cursor: string | null) => Promise<Page<Item>>,
): AsyncGenerator<Item, undefined> {
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read(cursor);
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
  return undefined;
}

/** True when a live worker takes tasks of the type. */
export const hasLiveWorker = (type: string, workers: readonly WorkerState[]): boolean =>
  workers.some(({ live, types }) => live && (types === null || types.includes(type)));
