import { celebrate, Modes } from 'celebrate';
import type { Express, RequestHandler } from 'express';
import type { Gate } from '../controllers/access/gate.js';
import { BUDGETS } from '../domain/budget.js';
import { bodyReader } from './body-reader.js';
import { otherMethods } from './other-methods.js';
import type { BodyLimits, Route } from './route.js';
import { VALIDATION } from './validator.js';
import { writableQuery } from './writable-query.js';

export interface MountOptions {
  gate: Gate;
  limits: BodyLimits;
}

/** Letting in, reading, validating and answering, in this order. */
function handlersOf(route: Route, { gate, limits }: MountOptions) {
  const { schemas, bodyLimit = 'bodyBytes', handle } = route;
  const admit: RequestHandler = (req, res, next) => {
    gate.admit(req, res, route);
    next();
  };
  const answer: RequestHandler = (req, res) => handle(req as never, res);
  if (!schemas) return [admit, answer];
  return [
    admit,
    ...(schemas.body ? [bodyReader(typeof bodyLimit === 'number' ? bodyLimit : limits[bodyLimit])] : []),
    ...(schemas.query ? [writableQuery] : []),
    celebrate(schemas, VALIDATION, { mode: Modes.FULL }),
    answer,
  ];
}

/** Nobody forgets to say for whom a route is, and what it counts as. */
function assertEntrance({ method, path, scopes, budget }: Route): void {
  if (!Array.isArray(scopes)) throw new Error(`The route ${method} ${path} names no scopes`);
  if (budget !== 'none' && !BUDGETS.includes(budget))
    throw new Error(`The route ${method} ${path} names no budget`);
}

/** Puts the route table on an Express app. Throws for a route that does not say whom it is for, or what it counts as. */
export function mountRoutes(app: Express, routes: readonly Route[], options: MountOptions): void {
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    assertEntrance(route);
    app[route.method](route.path, ...handlersOf(route, options));
    methods.set(route.path, [...(methods.get(route.path) ?? []), route.method.toUpperCase()]);
  }
  for (const [path, known] of methods) app.all(path, otherMethods(known));
}
