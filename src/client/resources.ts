import type { ErrorCode, FieldProblem } from '../core/errors.js';
import type { TaskFields } from '../core/task-fields.js';
import { ApiError, TaskNotFound } from './errors.js';
import type { Page } from './queries.js';

const INSTANT = '_utc';

/** Members whose name does not follow from the other spelling. */
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
 * The one mapper from the API's replies to TypeScript: camelCase, instants as `Date`. Only the members of the resource
 * itself: nested values (a payload, a result, details) are the user's.
 */
export function fromResource<Resource>(resource: object): Resource {
  const entries = Object.entries(resource).map(([key, value]) => [
    nameOf(key),
    key.endsWith(INSTANT) && value !== null ? new Date(value) : value,
  ]);
  return Object.fromEntries(entries);
}

/**
 * Instants that clients send. Importing the list of fields, with all its texts, would double the size of the client.
 */
type SentInstant = {
  [Name in keyof TaskFields]: TaskFields[Name] extends { kind: 'instant'; request: object } ? Name : never;
}[keyof TaskFields];

const SENT_INSTANTS: Readonly<Record<SentInstant, true>> = { runAfter: true };

const fieldOf = (name: string): string => {
  const field = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.hasOwn(SENT_INSTANTS, name) ? `${field}${INSTANT}` : field;
};

/** Throws for an invalid date: JSON would turn it into null, which means now. */
const toField = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

/**
 * A new task for the API. Misspelt names are passed on, for the API to refuse. Throws `RangeError` for an invalid
 * `Date`.
 */
export const enqueueBody = (task: object): object =>
  Object.fromEntries(Object.entries(task).map(([name, value]) => [fieldOf(name), toField(value)]));

/** Ids for a query; undefined without this filter. Throws `RangeError` for an empty one. */
export function idsParameter(ids: readonly number[] | undefined): string | undefined {
  if (ids?.length === 0) throw new RangeError('ids must name at least one task');
  return ids?.join();
}

/** A reply with its parsed body; null without one. */
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

/** Longest quotation of a foreign reply. */
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

/** Milliseconds since 1970 UTC; NaN for anything but an HTTP date, as `Date.parse` accepts much else. */
const httpDate = (text: string): number => (/^[A-Z][a-z]+,? .*\d/.test(text) ? Date.parse(text) : Number.NaN);

/** Longest `Retry-After` that is followed: a year. */
const MAX_RETRY_AFTER_SECONDS = 365 * 24 * 3600;

/**
 * The seconds of a `Retry-After` header. A date in it is compared with the clock of the server, if that sent its time.
 * Null without a valid header.
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
  const foreign = `The server answered ${status}, but not as Spoolite does: ${text.slice(0, MAX_QUOTED) || 'nothing'}`;
  const code = problem.error_code ?? null;
  return new (code === 'TASK_NOT_FOUND' ? TaskNotFound : ApiError)(problem.detail ?? foreign, {
    code,
    status,
    problems: problem.errors ?? [],
    requestId: problem.request_id ?? headers.get('X-Request-Id'),
    retryAfterSeconds: retryAfterSecondsOf(headers),
  });
}

/** The error in a reply. */
export async function readError(response: Response): Promise<ApiError> {
  const text = await response.text();
  return errorOf(response, parse(text), text);
}

/** Reads a reply to its end. Throws `ApiError` for an error, or for a reply that is not from a Spoolite server. */
export async function readReply(response: Response): Promise<ApiReply> {
  const { status, headers } = response;
  if (status === 304) return { status, headers, body: null };
  const text = await response.text();
  const body = parse(text);
  if (response.ok && body !== NOT_JSON) return { status, headers, body };
  throw errorOf(response, body, text);
}

/** The cursor of the next page, from the `Link` header; null on the last one. */
export function nextCursor(headers: Headers): string | null {
  const next = /<[^>]*\?([^>]*)>;\s*rel="next"/.exec(headers.get('Link') ?? '')?.[1];
  return next === undefined ? null : new URLSearchParams(next).get('cursor');
}

/** All items, page after page; each page is read when its first item is requested. */
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
