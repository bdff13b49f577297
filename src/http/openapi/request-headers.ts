import { POLL_LIMITS } from '../../domain/poll-limits.js';
import type { Parameter } from './parameters.js';

const header = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string', examples: [example] },
});

/** Headers that a request may have and that are never refused: what they say that makes no sense is not heeded. */
export const REQUEST_HEADERS = {
  XRequestId: header(
    'X-Request-Id',
    'Your id for this request, up to 128 printable ASCII characters. It is in the answer and in the log of the server; without one the server makes one.',
    'nightly-export-17',
  ),
  IfNoneMatch: header(
    'If-None-Match',
    'The `ETag` of what you have: the answer is 304 without a body while nothing has changed.',
    '"4711"',
  ),
  Prefer: header(
    'Prefer',
    `\`wait=SECONDS\` asks for a long poll, as the parameter \`wait\` does, which goes before it. More than ${POLL_LIMITS.waitSeconds.max} counts as ${POLL_LIMITS.waitSeconds.max}.`,
    'wait=30',
  ),
  Traceparent: header(
    'traceparent',
    'W3C trace context of the caller. It is kept with the task and returned with each claim of it; the handler’s span is linked to it. An invalid one is ignored, and `tracestate` is not kept.',
    '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  ),
  LastEventId: header(
    'Last-Event-ID',
    'The `id` of the last event that was seen: the stream goes on after it. A browser’s `EventSource` sends it by itself.',
    '4711',
  ),
} as const;

export type RequestHeader = keyof typeof REQUEST_HEADERS;
