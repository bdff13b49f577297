import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { requestIdOf } from './request-id.js';

/** The path of a request's target, without its query: that may hold what no log should keep. */
const pathOf = (target: string): string => {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
};

/** One line per finished request. */
export const accessLog =
  (logger: Logger): RequestHandler =>
  (req, res, next) => {
    if (!logger.isLevelEnabled('info')) return next();
    const start = performance.now();
    res.once('close', () => {
      const line = {
        method: req.method,
        path: pathOf(req.originalUrl),
        status: res.statusCode,
        ms: Math.round((performance.now() - start) * 100) / 100,
        request_id: requestIdOf(res),
      };
      if (res.writableFinished) logger.info(line, 'request');
      else logger.info(line, 'request, client hung up');
    });
    next();
  };
