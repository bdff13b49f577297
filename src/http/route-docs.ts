import type { ErrorCode } from '../domain/spoolite-error.js';
import type { Examples } from './openapi/examples.js';
import type { JsonSchema } from './openapi/json-schema.js';
import type { ReplyHeader } from './openapi/reply-headers.js';
import type { RequestHeader } from './openapi/request-headers.js';
import type { Tag } from './openapi/tags.js';

/** An answer that is no error. */
export interface Reply {
  description: string;
  /** Headers besides those that every answer has. */
  headers?: readonly ReplyHeader[];
  /** Absent where the answer has no body. */
  content?: { mediaType?: string; alsoAs?: string; schema: JsonSchema; examples: Examples };
}

/** What people are told of a route, besides what its schemas say. */
export interface RouteDocs {
  /** What generated clients call it. */
  operationId: string;
  tag: Tag;
  /** One line. */
  summary: string;
  /** Markdown. */
  description: string;
  requestHeaders?: readonly RequestHeader[];
  /** Bodies to copy; there exactly when the route takes one. */
  bodies?: Examples;
  /** By status. */
  replies: Readonly<Record<number, Reply>>;
  /** Errors besides those that every route of its kind has. */
  errors?: readonly ErrorCode[];
}
