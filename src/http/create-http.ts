import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { type ControllerOptions, createControllers } from '../controllers/controllers.js';
import { SpooliteError } from '../domain/spoolite-error.js';
import { accessLog } from './access-log.js';
import { setDefaultHeaders } from './default-headers.js';
import { errorHandler } from './errors/error-handler.js';
import { mountRoutes } from './mount-routes.js';
import { identify } from './request-id.js';
import type { BodyLimits } from './route.js';
import { createRoutes } from './routes.js';

export interface HttpOptions extends ControllerOptions {
  logger: Logger;
  limits: BodyLimits;
}

const refuseUnknownRoute: RequestHandler = (req) => {
  throw new SpooliteError('ROUTE_NOT_FOUND', `There is nothing at ${req.path}`);
};

/** The HTTP API as an Express app; it listens nowhere by itself. */
export function createHttp(options: HttpOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  app.use(identify, setDefaultHeaders, accessLog(options.logger));
  mountRoutes(app, createRoutes(createControllers(options)), options.limits);
  app.use(refuseUnknownRoute);
  app.use(errorHandler(options.clock, options.logger));
  return app;
}
