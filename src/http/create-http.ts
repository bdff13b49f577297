import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import type { Logger } from 'pino';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import { type ControllerOptions, createControllers } from '../controllers/controllers.js';
import { RequestMeter } from '../metrics/request-meter.js';
import { AccessLog, type LineStream } from './access-log.js';
import { hasOneHost, refuseHosts } from './begin-request.js';
import { crossOrigin } from './cross-origin.js';
import { Dispatcher } from './dispatcher.js';
import { createExpressApp } from './express-app.js';
import { NodeResponse } from './node-response.js';
import { createRoutes } from './routes.js';

export interface HttpOptions extends ControllerOptions {
  logger: Logger;
  /** The logger's output, if that is exactly pino's plain JSON. */
  logLines?: LineStream | undefined;
  /** Folder of the built dashboard, with a slash at its end; absent: no dashboard. */
  dashboardFolder?: URL;
}

/** Answers a request asynchronously; returns false, leaving it untouched, if no endpoint matches. */
export type Answer = (req: RequestHead, res: HttpResponse) => boolean;

export interface Http {
  /** The whole API and the pages as an Express app, not listening. */
  app: Express;
  /** The same for node's http server: endpoints bypass Express. */
  listener: RequestListener;
  /** The endpoints alone, for a transport that reads requests itself. */
  answer: Answer;
  /** Whether no key is required, as there never was one. */
  isOpen(): Promise<boolean>;
  /** Stores what is buffered in memory. */
  close(): Promise<void>;
}

/** Whether a target is just a path with an optional query, so that Express need not parse it. */
const isPath = (target: string | undefined): target is string =>
  target?.startsWith('/') === true && !target.includes('#');

export function createHttp(options: HttpOptions): Http {
  const requests = new RequestMeter();
  const controllers = createControllers({ ...options, requests });
  const { keyCache, accessControl, waits } = controllers;
  const accessLog = new AccessLog(options.logger, options.logLines, {
    requests,
    hasWaited: waits.has.bind(waits),
  });
  const origins = options.settings.corsOrigins;
  const common = {
    ...options,
    accessLog,
    crossOrigin: origins.length > 0 ? crossOrigin(origins) : undefined,
  };
  const routes = createRoutes(controllers, options.version);
  const dispatcher = new Dispatcher(routes, { ...common, requests, accessControl });
  const app = createExpressApp(dispatcher, common);
  const answer: Answer = (req, res) => isPath(req.url) && dispatcher.dispatch(req, res, req.url);
  const listener: RequestListener = (req, res) => {
    if (!hasOneHost(req)) refuseHosts(res);
    else if (!answer(req, new NodeResponse(req, res))) app(req, res);
  };
  return {
    app,
    listener,
    answer,
    isOpen: () => keyCache.isOpen(),
    close: () => keyCache.noteUses(),
  };
}
