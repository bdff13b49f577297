import type { Logger } from 'pino';
import type { AccessControl, RoutePolicy } from '../auth/access-control.js';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import type { Clock } from '../core/clock.js';
import type { RequestMeter } from '../metrics/request-meter.js';
import type { AccessLog } from './access-log.js';
import { beginRequest, isFromBrowser } from './begin-request.js';
import { answerError } from './errors.js';

/** The same in the words of the route table. */
const ROUTE = '/api/queue/tasks/:task_id';

/** The poll of one task, by a valid id and without a query. */
const POLL = /^\/api\/queue\/tasks\/([1-9]\d{0,14})$/;

interface PollRoadOptions {
  /** The controller's method that Express mounts too. */
  find(
    req: { params: { task_id: string }; query: object; headers: RequestHead['headers'] },
    res: HttpResponse,
  ): Promise<void>;
  /** As the route table has it. */
  entrance: RoutePolicy;
  gate: AccessControl;
  clock: Clock;
  logger: Logger;
  accessLog: AccessLog;
  requests: RequestMeter;
}

/** Answers the request if it is a poll, later than it returns; returns false, having touched nothing, if it is not. */
export type PollRoad = (req: RequestHead, res: HttpResponse) => boolean;

const NO_QUERY = Object.freeze({});

/**
 * Answers the plain poll ahead of Express, which would cost several times what the poll itself does. It takes only
 * requests that the route's schemas would let pass unchanged, and what it does to them is what Express's road does, by
 * the same functions. It does not mind who has read the request: node's parser, or the lean road.
 */
export function pollRoad(options: PollRoadOptions): PollRoad {
  const { find, entrance, gate, clock, logger, accessLog, requests } = options;
  const meter = requests.of('GET', ROUTE);
  return (req, res) => {
    const taskId = req.method === 'GET' && POLL.exec(req.url as string)?.[1];
    if (!taskId) return false;
    if (isFromBrowser(req)) return false;
    beginRequest(accessLog, req, res, meter);
    const refuse = (error: unknown) => answerError(error, res, clock, logger);
    try {
      gate.authorize(req, res, entrance);
      find({ params: { task_id: taskId }, query: NO_QUERY, headers: req.headers }, res).catch(refuse);
    } catch (error) {
      refuse(error);
    }
    return true;
  };
}
