import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { AccessControl, RoutePolicy } from '../auth/access-control.js';
import type { EnqueueController } from '../controllers/enqueue.js';
import type { Clock } from '../core/clock.js';
import type { RequestMeter } from '../metrics/request-meter.js';
import { enqueueSchemas } from '../services/new-task.js';
import { parseJsonBody } from '../validation/json-body.js';
import { validator } from '../validation/validator.js';
import type { AccessLog } from './access-log.js';
import { beginRequest, isFromBrowser } from './begin-request.js';
import { answerError } from './errors.js';

const PATH = '/api/queue/enqueue';
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;
const LENGTH = /^[1-9]\d{0,9}$/;

interface EnqueueRoadOptions {
  /** The controller's method that Express mounts too. */
  enqueue: EnqueueController['enqueue'];
  /** Largest body, in bytes. */
  limit: number;
  /** As the route table has it. */
  entrance: RoutePolicy;
  gate: AccessControl;
  clock: Clock;
  logger: Logger;
  accessLog: AccessLog;
  requests: RequestMeter;
}

type EnqueueRequest = Parameters<EnqueueController['enqueue']>[0];

/** Whether the body is plain JSON of a length that is said and allowed. */
function isPlain(req: IncomingMessage, limit: number): boolean {
  const { method, url, headers } = req;
  const length = headers['content-length'];
  return (
    method === 'POST' &&
    url === PATH &&
    !isFromBrowser(req) &&
    JSON_TYPE.test(headers['content-type'] ?? '') &&
    length !== undefined &&
    LENGTH.test(length) &&
    Number(length) <= limit &&
    headers['content-encoding'] === undefined &&
    headers['transfer-encoding'] === undefined
  );
}

/**
 * Enqueues one task ahead of Express, whose router and body reader cost as much as all the rest. It takes only requests
 * whose body needs neither unpacking nor judging its type; what it does to them is what Express's road does, by the same
 * functions and schemas. Returns false for every other request, before having touched it.
 */
export function enqueueRoad(options: EnqueueRoadOptions) {
  const { enqueue, entrance, gate, limit, clock, logger, accessLog, requests } = options;
  const meter = requests.of('POST', PATH);
  const validate = validator<{ headers: IncomingMessage['headers']; body: unknown }>(enqueueSchemas);

  const answer = async (req: IncomingMessage, res: ServerResponse, bytes: Buffer): Promise<void> => {
    try {
      const valid = validate({ headers: req.headers, body: parseJsonBody(bytes) });
      await enqueue(valid as EnqueueRequest, res);
    } catch (error) {
      answerError(error, res, clock, logger);
    }
  };

  return (req: IncomingMessage, res: ServerResponse): boolean => {
    if (!isPlain(req, limit)) return false;
    beginRequest(accessLog, req, res, meter);
    try {
      gate.authorize(req, res, entrance);
    } catch (error) {
      answerError(error, res, clock, logger);
      return true;
    }
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => void answer(req, res, Buffer.concat(chunks)));
    // Who hangs up in the middle of his request gets no answer.
    req.on('error', () => undefined);
    return true;
  };
}
