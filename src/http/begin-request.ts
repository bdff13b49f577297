import type { RouteMeter } from '../controllers/metrics/request-meter.js';
import type { Reply } from '../controllers/reply.js';
import type { AccessLog } from './access-log.js';
import { setDefaultHeaders } from './default-headers.js';
import type { RequestHead } from './request-head.js';
import { identify } from './request-id.js';

/** What happens to every request first, on whichever road it is answered: an id, the default headers, the access log. */
export function beginRequest(log: AccessLog, req: RequestHead, res: Reply, meter?: RouteMeter): void {
  identify(req, res);
  setDefaultHeaders(res);
  log.follow(req, res, meter);
}
