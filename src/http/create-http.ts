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
  /** Where the logger writes, if that is pino's plain JSON and nothing else. */
  logLines?: LineStream | undefined;
  /** Where the built dashboard lies, with a slash at its end; without it there is none. */
  dashboardFolder?: URL;
}

/** Answers a request, later than it returns; returns false, having touched nothing, if it is for no endpoint. */
export type Answer = (req: RequestHead, res: HttpResponse) => boolean;

export interface Http {
  /** The whole API and the pages as an Express app; it listens nowhere by itself. */
  app: Express;
  /** The same for node's http server: endpoints are answered without Express. */
  listener: RequestListener;
  /** The endpoints alone, for a transport that reads requests itself. */
  answer: Answer;
  /** Whether everybody may come in, as there never was a key. */
  readonly isOpen: boolean;
  /** Writes down what it has kept in memory. */
  close(): Promise<void>;
}

/** Whether a target is a path and perhaps a query, and nothing that Express would have to take apart. */
const isPath = (target: string | undefined): target is string =>
  target?.startsWith('/') === true && !target.includes('#');

/** The HTTP API. */
export function createHttp(options: HttpOptions): Http {
  const requests = new RequestMeter();
  const controllers = createControllers({ ...options, requests });
  const { ring, gate, waits } = controllers;
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
  const dispatcher = new Dispatcher(routes, { ...common, requests, accessControl: gate });
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
    get isOpen() {
      return ring.isOpen;
    },
    close: () => ring.noteUses(),
  };
}
