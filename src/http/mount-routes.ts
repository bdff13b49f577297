import { celebrate, Modes, type SchemaOptions } from 'celebrate';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { AccessControl } from '../auth/access-control.js';
import type { BodyLimits, Route } from '../controllers/route.js';
import { RATE_LIMIT_CLASSES } from '../core/access.js';
import { VALIDATION } from '../validation/validator.js';
import { bodyReader } from './body-reader.js';
import { otherMethods } from './other-methods.js';
import { requestView } from './request-view.js';

export interface MountOptions {
  gate: AccessControl;
  limits: BodyLimits;
  /** What comes before every route. */
  first: readonly RequestHandler[];
}

type Validate = (req: Request, res: Response) => Promise<void>;

/** Converts the request's parts by the schemas; rejects with what they find wrong. */
function validation(schemas: SchemaOptions): Validate {
  const validate = celebrate(schemas, VALIDATION, { mode: Modes.FULL });
  return (req, res) =>
    new Promise((resolve, reject) => {
      validate(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
    });
}

/** Letting in, reading, validating and answering, in this order. */
function handlersOf(route: Route, { gate, limits, first }: MountOptions): RequestHandler[] {
  const { schemas, bodyLimit = 'bodyBytes', handle } = route;
  const admit: RequestHandler = (req, res, next) => {
    gate.authorize(req, res, route);
    next();
  };
  if (!schemas) return [...first, admit, (req, res) => handle(req as never, res)];
  const limit = typeof bodyLimit === 'number' ? bodyLimit : limits[bodyLimit];
  const readBody = schemas.body ? bodyReader(limit) : undefined;
  const validate = validation(schemas);
  const answer: RequestHandler = async (req, res) => {
    const view = requestView(req, await readBody?.(req, res));
    await validate(view, res);
    await handle(view as never, res);
  };
  return [...first, admit, answer];
}

/** Nobody forgets to say for whom a route is, and what it counts as. */
function assertEntrance({ method, path, scopes, budget }: Route): void {
  if (!Array.isArray(scopes)) throw new Error(`The route ${method} ${path} names no scopes`);
  if (budget !== 'none' && !RATE_LIMIT_CLASSES.includes(budget))
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
  for (const [path, known] of methods) app.all(path, ...options.first, otherMethods(known));
}
