import type { RequestListener } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Entrance, Gate } from '../controllers/access/gate.js';
import { type ControllerOptions, createControllers } from '../controllers/controllers.js';
import { RequestMeter } from '../controllers/metrics/request-meter.js';
import { SpooliteError } from '../domain/spoolite-error.js';
import { AccessLog, type LineStream } from './access-log.js';
import { beginRequest } from './begin-request.js';
import { crossOrigin } from './cross-origin.js';
import { leaveTheRest } from './embedding.js';
import { enqueueRoad } from './enqueue-road.js';
import { answerError } from './errors/answer-error.js';
import { hasOneHost, refuseHosts } from './has-one-host.js';
import { mountRoutes } from './mount-routes.js';
import { isReading } from './only-reading.js';
import { otherMethods } from './other-methods.js';
import { PageFiles } from './pages/page-files.js';
import { PAGES, pageNotFound, servePages } from './pages/serve-pages.js';
import { type PollRoad, pollRoad } from './poll-road.js';
import { REFERENCE, serveReference } from './reference/serve-reference.js';
import type { BodyLimits, Route } from './route.js';
import { createRoutes } from './routes.js';

export interface HttpOptions extends ControllerOptions {
  logger: Logger;
  /** Where the logger writes, if that is pino's plain JSON and nothing else. */
  logLines?: LineStream | undefined;
  limits: BodyLimits;
  /** Where the built dashboard lies, with a slash at its end; without it there is none. */
  dashboardFolder?: URL;
}

const unknownRoute = (path: string): SpooliteError =>
  new SpooliteError('ROUTE_NOT_FOUND', `There is nothing at ${path}: /docs shows what there is`);

const refuseUnknownRoute: RequestHandler = (req) => {
  throw unknownRoute(req.path);
};

const onlyRead = otherMethods(['GET']);

/** Pages and their files are read; what is not there is not found. */
const refuseWriting: RequestHandler = (req, res, next) =>
  isReading(req) ? next() : onlyRead(req, res, next);

export interface Http {
  /** The whole API as an Express app; it listens nowhere by itself. */
  app: Express;
  /** For a server: the same API, with a shorter road for the poll. */
  listener: RequestListener;
  /** For a server that reads plain requests itself: that shorter road. */
  answerPoll: PollRoad;
  /** Whether everybody may come in, as there never was a key. */
  readonly isOpen: boolean;
  /** Writes down what it has kept in memory. */
  close(): Promise<void>;
}

interface ExpressParts {
  routes: readonly Route[];
  accessLog: AccessLog;
  gate: Gate;
}

/** Begins a request once. One that is left to the program which this app is mounted in is never begun, nor touched otherwise. */
function beginner(accessLog: AccessLog): RequestHandler {
  const begun = new WeakSet<object>();
  return (req, res, next) => {
    if (!hasOneHost(req)) return refuseHosts(res);
    if (!begun.has(res)) beginRequest(accessLog, req, res);
    begun.add(res);
    next();
  };
}

function createExpress({ routes, accessLog, gate }: ExpressParts, options: HttpOptions): Express {
  const { clock, logger, limits, dashboardFolder } = options;
  const app = express();
  const begin = beginner(accessLog);
  const origins = options.access?.corsOrigins ?? [];
  const first = origins.length > 0 ? [begin, crossOrigin(origins)] : [begin];
  // An address that cannot be decoded is an error before any route is found.
  const answerErrors: ErrorRequestHandler = (error, req, res, _next) =>
    begin(req, res, () => answerError(error, res, clock, logger));
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  mountRoutes(app, routes, { gate, limits, first });
  const files = dashboardFolder && new PageFiles(dashboardFolder);
  if (files) app.use(servePages(files, first));
  app.use(serveReference(first));
  app.use(answerErrors);

  const refuse = express.Router();
  refuse.use(...first);
  refuse.all([...PAGES, REFERENCE], refuseWriting);
  if (files) refuse.use(pageNotFound(files));
  refuse.use(refuseUnknownRoute);
  refuse.use(answerErrors);
  leaveTheRest(app, refuse, (req, res) =>
    answerErrors(unknownRoute('that address'), req as never, res as never, () => {}),
  );
  return app;
}

/** What the gate is told of the route of this name. */
function entranceTo(routes: readonly Route[], operationId: string): Entrance {
  const route = routes.find(({ docs }) => docs.operationId === operationId);
  if (!route) throw new Error(`No route is called ${operationId}`);
  return route;
}

/** The HTTP API. */
export function createHttp(options: HttpOptions): Http {
  const requests = new RequestMeter();
  const controllers = createControllers({ ...options, requests });
  const { ring, gate, waits } = controllers;
  const hasWaited = waits.has.bind(waits);
  const accessLog = new AccessLog(options.logger, options.logLines, { requests, hasWaited });
  const routes = createRoutes(controllers, options.version);
  const app = createExpress({ routes, accessLog, gate }, options);
  const answerPoll = pollRoad({
    find: controllers.tasks.find,
    entrance: entranceTo(routes, 'getTask'),
    gate,
    accessLog,
    requests,
    ...options,
  });
  const answerEnqueue = enqueueRoad({
    enqueue: controllers.enqueue.enqueue,
    entrance: entranceTo(routes, 'enqueueTask'),
    gate,
    limit: options.limits.bodyBytes,
    accessLog,
    requests,
    ...options,
  });
  const listener: RequestListener = (req, res) => {
    if (!hasOneHost(req)) refuseHosts(res);
    else if (!answerPoll(req, res) && !answerEnqueue(req, res)) app(req, res);
  };
  return {
    app,
    listener,
    answerPoll,
    get isOpen() {
      return ring.isOpen;
    },
    close: () => ring.noteUses(),
  };
}
