import { celebrate, Modes } from 'celebrate';
import type { Express, RequestHandler } from 'express';
import { SpooliteError } from '../domain/spoolite-error.js';
import { bodyReader } from './body-reader.js';
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

/** Answers the methods that a known path has no route for. */
function otherMethods(methods: readonly string[]): RequestHandler {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (req, res) => {
    res.setHeader('Allow', allow);
    if (req.method !== 'OPTIONS') {
      throw new SpooliteError(
        'METHOD_NOT_ALLOWED',
        `${req.method} is not possible here; possible are ${allow}`,
      );
    }
    res.statusCode = 204;
    res.end();
  };
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
