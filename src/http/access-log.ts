import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { requestIdOf } from './request-id.js';

/** The path of a request's target, without its query: that may hold what no log should keep. */
const pathOf = (target: string): string => {
  const query = target.indexOf('?');
  return query === -1 ? target : target.slice(0, query);
};

/** Logs one line once the request is answered. */
export function logAccess(logger: Logger, req: IncomingMessage, res: ServerResponse): void {
  if (!logger.isLevelEnabled('info')) return;
  const start = performance.now();
  const path = pathOf(req.url ?? '');
  res.on('close', () => {
    const line = {
      method: req.method,
      path,
      status: res.statusCode,
      ms: Math.round((performance.now() - start) * 100) / 100,
      request_id: requestIdOf(res),
    };
    if (res.writableFinished) logger.info(line, 'request');
    else logger.info(line, 'request, client hung up');
  });
}
