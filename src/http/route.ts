import type { ServerResponse } from 'node:http';
import type { Schema } from 'joi';
import type { Entrance } from '../controllers/access/gate.js';
import type { RouteDocs } from './route-docs.js';

/** What a request body may weigh, in bytes after decompression. */
export interface BodyLimits {
  bodyBytes: number;
  /** For a batch of tasks. */
  batchBodyBytes: number;
}

/** One row of the route table: all that is known of an endpoint. */
export interface Route extends Entrance {
  method: 'get' | 'post' | 'delete';
  /** Express's path syntax. */
  path: string;
  /** Celebrate schemas of the request's parts; `body` is there exactly when the route takes one. */
  schemas?: Partial<Record<'params' | 'query' | 'headers' | 'body', Schema>>;
  /** What people and generated clients are told of it. */
  docs: RouteDocs;
  /** Which limit holds for the body, or how many bytes; default `bodyBytes`. */
  bodyLimit?: keyof BodyLimits | number;
  /** A controller's method; it gets the request as validated and converted by the schemas. */
  handle(req: never, res: ServerResponse): Promise<void>;
}
