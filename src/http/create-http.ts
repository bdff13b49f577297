import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { type ControllerOptions, createControllers } from '../controllers/controllers.js';
import { SpooliteError } from '../domain/spoolite-error.js';
import { beginRequest } from './begin-request.js';
import { enqueueRoad } from './enqueue-road.js';
import { answerError } from './errors/answer-error.js';
import { mountRoutes } from './mount-routes.js';
import { servePages } from './pages/serve-pages.js';
import { pollRoad } from './poll-road.js';
import { serveReference } from './reference/serve-reference.js';
import type { BodyLimits, Route } from './route.js';
import { createRoutes } from './routes.js';

export interface HttpOptions extends ControllerOptions {
  logger: Logger;
  limits: BodyLimits;
  /** Where the built dashboard lies, with a slash at its end; without it there is none. */
  dashboardFolder?: URL;
}

const refuseUnknownRoute: RequestHandler = (req) => {
  throw new SpooliteError('ROUTE_NOT_FOUND', `There is nothing at ${req.path}`);
};

export interface Http {
  /** The whole API as an Express app; it listens nowhere by itself. */
  app: Express;
  /** For a server: the same API, with a shorter road for the poll. */
  listener: RequestListener;
}

function createExpress(routes: readonly Route[], options: HttpOptions): Express {
  const { clock, logger, limits, dashboardFolder } = options;
  const app = express();
  const begin: RequestHandler = (req, res, next) => {
    beginRequest(logger, req, res);
    next();
  };
  const answerErrors: ErrorRequestHandler = (error, _req, res, _next) =>
    answerError(error, res, clock, logger);
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.use(begin);
  mountRoutes(app, routes, limits);
  if (dashboardFolder) app.use(servePages(dashboardFolder));
  app.use(serveReference());
  app.use(refuseUnknownRoute);
  app.use(answerErrors);
  return app;
}

/** The HTTP API. */
export function createHttp(options: HttpOptions): Http {
  const controllers = createControllers(options);
  const app = createExpress(createRoutes(controllers, options.version), options);
  const answerPoll = pollRoad({ find: controllers.tasks.find, ...options });
  const answerEnqueue = enqueueRoad({
    enqueue: controllers.enqueue.enqueue,
    limit: options.limits.bodyBytes,
    ...options,
  });
  const listener: RequestListener = (req, res) => {
    if (!answerPoll(req, res) && !answerEnqueue(req, res)) app(req, res);
  };
  return { app, listener };
}
