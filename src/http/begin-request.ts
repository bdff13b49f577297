import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { logAccess } from './access-log.js';
import { setDefaultHeaders } from './default-headers.js';
import { identify } from './request-id.js';

/** What happens to every request first, on whichever road it is answered: an id, the default headers, the access log. */
export function beginRequest(logger: Logger, req: IncomingMessage, res: ServerResponse): void {
  identify(req, res);
  setDefaultHeaders(res);
  logAccess(logger, req, res);
}
