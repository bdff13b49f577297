import { EXAMPLE_TASKS } from './example-tasks.js';
import type { JsonSchema, ReplyDocs } from './route.js';

/** A JSON reply. Examples are keyed by their summaries. */
export const jsonReply = (
  description: string,
  schema: JsonSchema,
  bodies: Readonly<Record<string, unknown>>,
  headers: readonly ReplyHeader[] = [],
): ReplyDocs => ({
  description,
  headers,
  content: { schema, examples: examples(bodies) },
});

/** A reply without a body. */
export const emptyReply = (description: string, headers: readonly ReplyHeader[] = []): ReplyDocs => ({
  description,
  headers,
});

interface TextOptions {
  mediaType: string;
  /** An alternative media type, by the request's `Accept`. */
  alsoAs?: string;
  headers?: readonly ReplyHeader[];
}

/** A reply of text for another program. */
export const textReply = (
  description: string,
  content: string,
  bodies: Readonly<Record<string, string>>,
  { headers = [], ...types }: TextOptions,
): ReplyDocs => ({
  description,
  headers,
  content: { ...types, schema: { type: 'string', description: content }, examples: examples(bodies) },
});

const STREAM = `retry: 1000
id: 4710

id: 4711
event: task
data: ${JSON.stringify(EXAMPLE_TASKS.processing)}

`;

/** Server-sent events, one task each. */
export const eventReply = (description: string): ReplyDocs => ({
  description: `${description} Each event is named \`task\`; its \`id\` is a cursor and its \`data\` a \`Task\`. The stream of one task may end with an event named \`gone\`, whose \`data\` is only its \`task_id\`. A comment comes every 15 seconds.`,
  headers: ['XAccelBuffering'],
  content: {
    mediaType: 'text/event-stream',
    schema: { type: 'string', description: 'Server-sent events, whose `data` is a `Task`.' },
    examples: examples({ 'A change': STREAM }),
  },
});

export interface Example {
  summary: string;
  value: unknown;
}

export type Examples = Readonly<Record<string, Example>>;

const keyOf = (summary: string): string => summary.toLowerCase().replaceAll(/[^a-z]+/g, '-');

/** Bodies by their summaries. */
export const examples = (values: Readonly<Record<string, unknown>>): Examples =>
  Object.fromEntries(Object.entries(values).map(([summary, value]) => [keyOf(summary), { summary, value }]));

export interface Header {
  description: string;
  /** True if a reply that lists it always has it. */
  required?: boolean;
  schema: JsonSchema;
  example: unknown;
}

const text = (description: string, example: string, required = false): Header => ({
  description,
  ...(required && { required }),
  schema: { type: 'string' },
  example,
});

/** Headers of replies. Listed ones are present where they apply; some always. */
export const REPLY_HEADERS = {
  XRequestId: text('The id of the request: yours, or one that the server generated.', 'c0ffee-1', true),
  CacheControl: text(
    'Whether the answer may be cached: not at all; or, with an `ETag`, only with revalidation.',
    'no-store',
    true,
  ),
  ETag: text(
    'The state of the task: its revision and, while it is queued, its place in the queue. Send it back as `If-None-Match`.',
    'W/"4711"',
    true,
  ),
  RetryAfter: {
    description:
      'Seconds until the next request: for a task, when it is likely to be done (absent once it is); for a 429 or 503, when to try again.',
    schema: { type: 'integer', minimum: 1, maximum: 60 },
    example: 3,
  },
  PreferenceApplied: text('The wait of `Prefer` that was applied.', 'wait=30'),
  Link: text(
    'The next page, an absolute URL with `rel="next"`; absent on the last one.',
    '<http://127.0.0.1:8000/api/queue/tasks?limit=100&cursor=MS5hYmM>; rel="next"',
  ),
  Location: text('The URL of the task.', '/api/queue/tasks/1', true),
  IdempotencyReplayed: {
    description: '`true` if a task with this idempotency key existed already: this is that task.',
    schema: { const: 'true' },
    example: 'true',
  },
  Allow: text('The methods that are allowed.', 'GET, HEAD, OPTIONS', true),
  Vary: text('The request headers that the form of the answer depends on.', 'Accept', true),
  SetCookie: text(
    'The cookie of the session.',
    'spoolite_session=1.1762371200000.c2ln; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict',
    true,
  ),
  WwwAuthenticate: text('How to authenticate.', 'Bearer realm="spoolite"', true),
  RateLimitPolicy: text(
    'The limit that applies to the request, and its window in seconds; absent where there is none.',
    '"polls";q=6000;w=60',
  ),
  RateLimit: text(
    'What is left of it (`r`), and the seconds until it is fully restored (`t`).',
    '"polls";r=5999;t=1',
  ),
  XAccelBuffering: text('Tells proxies not to buffer events.', 'no', true),
} as const satisfies Record<string, Header>;

export type ReplyHeader = keyof typeof REPLY_HEADERS;

/** Header names as sent. */
export const REPLY_HEADER_NAMES: Readonly<Record<ReplyHeader, string>> = Object.freeze({
  XRequestId: 'X-Request-Id',
  CacheControl: 'Cache-Control',
  ETag: 'ETag',
  RetryAfter: 'Retry-After',
  PreferenceApplied: 'Preference-Applied',
  Link: 'Link',
  Location: 'Location',
  IdempotencyReplayed: 'Idempotency-Replayed',
  Allow: 'Allow',
  Vary: 'Vary',
  SetCookie: 'Set-Cookie',
  WwwAuthenticate: 'WWW-Authenticate',
  RateLimitPolicy: 'RateLimit-Policy',
  RateLimit: 'RateLimit',
  XAccelBuffering: 'X-Accel-Buffering',
});

/** On every reply to a rate-limited request. */
export const LIMIT_HEADERS: readonly ReplyHeader[] = ['RateLimitPolicy', 'RateLimit'];

/** On every reply. */
const COMMON: readonly ReplyHeader[] = ['XRequestId', 'CacheControl'];

/** The headers of a reply, by reference. */
export const replyHeaders = (own: readonly ReplyHeader[] = []): Record<string, JsonSchema> =>
  Object.fromEntries(
    [...COMMON, ...own].map((name) => [REPLY_HEADER_NAMES[name], { $ref: `#/components/headers/${name}` }]),
  );
