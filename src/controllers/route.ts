import type { Schema } from 'joi';
import type { RoutePolicy } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { ErrorCode } from '../core/errors.js';
import type { RequestHeader } from './request-headers.js';
import type { Examples, ReplyHeader } from './route-docs.js';

/** One row of the route table: all that is known of an endpoint. */
export interface Route extends RoutePolicy {
  method: 'get' | 'post' | 'delete';
  /** Express's path syntax. */
  path: string;
  /** Celebrate schemas of the request's parts; `body` is there exactly when the route takes one. */
  schemas?: Partial<Record<'params' | 'query' | 'headers' | 'body', Schema>>;
  /** What people and generated clients are told of it. */
  docs: RouteDocs;
  /** Which limit holds for the body, or how many bytes; default `bodyLimit`. */
  bodyLimit?: 'bodyLimit' | 'batchBodyLimit' | number;
  /** A controller's method; it gets the request as validated and converted by the schemas. */
  handle(req: never, res: HttpResponse): Promise<void>;
}

/** An answer that is no error. */
export interface ReplyDocs {
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
  replies: Readonly<Record<number, ReplyDocs>>;
  /** Errors besides those that every route of its kind has. */
  errors?: readonly ErrorCode[];
}

/** Groups of operations, in the order in which they are shown. */
export const TAGS = {
  tasks: 'Enqueue tasks, ask how they are going, cancel and retry them.',
  changes: 'What has changed since: as a feed to poll, or as server-sent events.',
  workers: 'For workers in any language: claim tasks, renew leases, report outcomes.',
  statistics: 'Statistics of the queue.',
  operating: 'For operators of the server.',
} as const;

export type Tag = keyof typeof TAGS;

/** A schema of JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Leads to a schema that the document has by this name. */
export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** A list of what has this name in the document. */
export const arrayOf = (name: string): JsonSchema => ({ type: 'array', items: schemaRef(name) });
