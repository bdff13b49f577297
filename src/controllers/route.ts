import type { Schema } from 'joi';
import type { RoutePolicy } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { ErrorCode } from '../core/errors.js';
import type { RequestHeader } from './request-headers.js';
import type { Examples, ReplyHeader } from './route-docs.js';

/** One row of the route table: everything about an endpoint. */
export interface Route extends RoutePolicy {
  method: 'get' | 'post' | 'delete';
  /** In Express's syntax. */
  path: string;
  /** Joi schemas of the request's parts; `body` is present exactly if the route takes one. */
  schemas?: Partial<Record<'params' | 'query' | 'headers' | 'body', Schema>>;
  /** Documentation for people and for generated clients. */
  docs: RouteDocs;
  /** The body's limit, by the name of its option or in bytes; default `bodyLimit`. */
  bodyLimit?: 'bodyLimit' | 'batchBodyLimit' | number;
  /** A controller's method; receives the request as validated and converted by the schemas. */
  handle(req: never, res: HttpResponse): Promise<void>;
}

/** A successful reply. */
export interface ReplyDocs {
  description: string;
  /** Besides those of every reply. */
  headers?: readonly ReplyHeader[];
  /** Absent if the reply has no body. */
  content?: { mediaType?: string; alsoAs?: string; schema: JsonSchema; examples: Examples };
}

/** Documentation of a route, besides its schemas. */
export interface RouteDocs {
  /** The method name in generated clients. */
  operationId: string;
  tag: Tag;
  /** One line. */
  summary: string;
  /** Markdown. */
  description: string;
  requestHeaders?: readonly RequestHeader[];
  /** Bodies to copy; present exactly if the route takes one. */
  bodies?: Examples;
  /** By status. */
  replies: Readonly<Record<number, ReplyDocs>>;
  /** Besides those that every route of its kind has. */
  errors?: readonly ErrorCode[];
}

/** Groups of operations, in display order. */
export const TAGS = {
  tasks: 'Enqueue tasks, poll their status, cancel and retry them.',
  changes: 'Follow changes: as a feed to poll, or as server-sent events.',
  workers: 'For workers in any language: claim tasks, renew leases, report outcomes.',
  statistics: 'Statistics of the queue.',
  operating: 'For operators of the server.',
} as const;

export type Tag = keyof typeof TAGS;

/** A schema of JSON Schema 2020-12, as in OpenAPI 3.1. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Refers to a schema of the document. */
export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export const arrayOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });

const DEFINITION = Symbol('definition');

interface NamedSchema extends JsonSchema {
  readonly [DEFINITION]: { name: string; schema: JsonSchema };
}

/** A schema that the document defines once, under this name, and refers to wherever it is used. */
export const named = (name: string, schema: JsonSchema): JsonSchema => ({
  ...schemaRef(name),
  [DEFINITION]: { name, schema },
});

/** Calls `define` for each named schema within a schema. */
export function defineNamed(within: unknown, define: (name: string, schema: JsonSchema) => void): void {
  if (typeof within !== 'object' || within === null) return;
  const { [DEFINITION]: own } = within as Partial<NamedSchema>;
  if (own) {
    define(own.name, own.schema);
    defineNamed(own.schema, define);
  }
  for (const part of Object.values(within)) defineNamed(part, define);
}
