import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Clock } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import type { AccessLog } from './access-log.js';
import { beginRequest, hasOneHost, refuseHosts } from './begin-request.js';
import { allowOf, type Dispatcher } from './dispatcher.js';
import { answerError } from './errors.js';
import { NodeResponse } from './node-response.js';
import { isReading, PAGES, PageFiles, pageNotFound, REFERENCE, servePages, serveReference } from './pages.js';

export interface ExpressAppOptions {
  accessLog: AccessLog;
  /** Allows requests from other origins; undefined: none. */
  crossOrigin?: RequestHandler | undefined;
  /** Folder of the built dashboard, with a slash at its end; absent: no dashboard. */
  dashboardFolder?: URL;
  clock: Clock;
  logger: Logger;
}

type Next = (error?: unknown) => void;
type Handle = (req: IncomingMessage, res: ServerResponse, next?: Next) => void;

const unknownRoute = (path: string): SpooliteError =>
  new SpooliteError('ROUTE_NOT_FOUND', `Nothing found at ${path}: see /docs`);

const refuseUnknownRoute: RequestHandler = (req) => {
  throw unknownRoute(req.path);
};

/** Pages and their files are read-only. */
const refuseWriting: RequestHandler = (req, res, next) => {
  if (isReading(req)) return next();
  const allow = allowOf(['GET']);
  res.setHeader('Allow', allow);
  if (req.method === 'OPTIONS') return void res.status(204).end();
  throw new SpooliteError('METHOD_NOT_ALLOWED', `${req.method} is not allowed here; allowed are ${allow}`);
};

/** Answers the endpoints in Express; `isMounted` returns whether a request came through a parent app. */
const endpoints =
  (dispatcher: Dispatcher): RequestHandler =>
  (req, res, next) => {
    const { path, url } = req;
    const mark = url.indexOf('?');
    if (!dispatcher.has(path)) next();
    else if (!hasOneHost(req)) refuseHosts(res);
    else
      dispatcher.dispatch(req, new NodeResponse(req, res, true), path + (mark === -1 ? '' : url.slice(mark)));
  };

/** Begins a request once. One that is left to the parent app is never begun, nor touched otherwise. */
function beginner(accessLog: AccessLog): RequestHandler {
  const begun = new WeakSet<object>();
  return (req, res, next) => {
    if (!hasOneHost(req)) return refuseHosts(res);
    if (!begun.has(res)) beginRequest(accessLog, req, res);
    begun.add(res);
    next();
  };
}

/** The endpoints and the pages as an Express app, which can be mounted in another. */
export function createExpressApp(dispatcher: Dispatcher, options: ExpressAppOptions): Express {
  const { accessLog, crossOrigin, clock, logger, dashboardFolder } = options;
  const app = express();
  const begin = beginner(accessLog);
  const first = crossOrigin ? [begin, crossOrigin] : [begin];
  // A path that cannot be decoded is an error before any page is looked up.
  const answerErrors: ErrorRequestHandler = (error, req, res, _next) =>
    begin(req, res, () => answerError(error, res, clock, logger));
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.use(endpoints(dispatcher));
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

/**
 * Makes the app answer its own paths and leave the rest to the parent app. `refuse` answers the rest if there is no
 * parent: node then called the app, without a `next`. `nowhere` answers what remains.
 */
function leaveTheRest(app: Express, refuse: RequestHandler, nowhere: Handle): void {
  // No router matches a target without a path, such as `http://`.
  const answerNowhere = (req: IncomingMessage, res: ServerResponse) => () => nowhere(req, res);
  const own = app as unknown as { handle: Handle };
  const handle = own.handle.bind(app);
  own.handle = (req, res, next) => {
    if (!next) {
      // At once: an error in what follows on the connection must not be answered first.
      if (!hasOneHost(req)) return refuseHosts(res);
      return handle(req, res, () => void refuse(req as never, res as never, answerNowhere(req, res)));
    }
    const prototypes = [req, res].map((part) => [part, Object.getPrototypeOf(part)] as const);
    handle(req, res, (error) => {
      for (const [part, prototype] of prototypes) Object.setPrototypeOf(part, prototype);
      next(error);
    });
  };
  // Express makes requests and responses inherit from those of the parent, which may be of Express 4.
  app.on('mount', () => {
    Object.setPrototypeOf(app.request, express.request);
    Object.setPrototypeOf(app.response, express.response);
  });
}
