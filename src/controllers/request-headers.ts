import { POLL_LIMITS } from '../core/limits.js';
import type { JsonSchema } from './route.js';

/** A parameter in OpenAPI's form. */
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  description: string;
  required?: true;
  schema: JsonSchema;
  style?: string;
  explode?: boolean;
}

const header = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string', examples: [example] },
});

/** Optional headers that never cause a refusal: invalid values are ignored. */
export const REQUEST_HEADERS = {
  XRequestId: header(
    'X-Request-Id',
    'Your id for this request, up to 128 printable ASCII characters. The answer and the server’s log include it; without one the server generates it.',
    'nightly-export-17',
  ),
  IfNoneMatch: header(
    'If-None-Match',
    'The `ETag` of your copy: the answer is 304 without a body while nothing has changed.',
    '"4711"',
  ),
  Prefer: header(
    'Prefer',
    `\`wait=SECONDS\` requests a long poll, like the parameter \`wait\`, which takes precedence. More than ${POLL_LIMITS.waitSeconds.max} counts as ${POLL_LIMITS.waitSeconds.max}.`,
    'wait=30',
  ),
  Traceparent: header(
    'traceparent',
    'W3C trace context of the caller. It is kept with the task and given to the worker that claims it; the handler’s span is linked to it. An invalid one is ignored, and `tracestate` is not kept.',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ),
  LastEventId: header(
    'Last-Event-ID',
    'The `id` of the last event received: the stream continues after it. A browser’s `EventSource` sends it automatically.',
    '4711',
  ),
} as const;

export type RequestHeader = keyof typeof REQUEST_HEADERS;
