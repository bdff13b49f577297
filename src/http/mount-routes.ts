import { celebrate, Modes } from 'celebrate';
import type { Express, RequestHandler } from 'express';
import { bodyReader } from './body-reader.js';
import { otherMethods } from './other-methods.js';
import type { BodyLimits, Route } from './route.js';
import { VALIDATION } from './validator.js';
import { writableQuery } from './writable-query.js';

/** Reading, validating and answering, in this order. */
function handlersOf(
  { schemas, bodyLimit = 'bodyBytes', handle }: Route,
  limits: BodyLimits,
): RequestHandler[] {
  const answer: RequestHandler = (req, res) => handle(req as never, res);
  if (!schemas) return [answer];
  return [
    ...(schemas.body ? [bodyReader(limits[bodyLimit])] : []),
    ...(schemas.query ? [writableQuery] : []),
    celebrate(schemas, VALIDATION, { mode: Modes.FULL }),
    answer,
  ];
}

/** Puts the route table on an Express app. */
export function mountRoutes(app: Express, routes: readonly Route[], limits: BodyLimits): void {
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    app[route.method](route.path, ...handlersOf(route, limits));
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method.toUpperCase()]);
  }
  for (const [path, known] of methods) app.all(path, otherMethods(known));
}
