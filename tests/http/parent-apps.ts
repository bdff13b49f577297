import { createRequire } from 'node:module';
import type * as express5 from 'express';
import type { Express } from 'express';

const load = createRequire(import.meta.url);

/** Makes an Express app of somebody else, with its parsers. */
export interface ParentExpress {
  (): Express;
  json: typeof express5.json;
  raw: typeof express5.raw;
  text: typeof express5.text;
  urlencoded: typeof express5.urlencoded;
  Router: typeof express5.Router;
}

/** Both versions of Express that are in use. */
export const PARENTS: readonly (readonly [string, ParentExpress])[] = [
  ['Express 4', load('express4')],
  ['Express 5', load('express')],
];

/** Common middleware that comes without types here. */
export const helmet: () => express5.RequestHandler = load('helmet').default;
export const compression: (options: { threshold: number }) => express5.RequestHandler = load('compression');
