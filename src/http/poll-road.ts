import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { beginRequest } from './begin-request.js';
import { answerError } from './errors/answer-error.js';

/** The poll of one task, by a valid id and without a query. */
const POLL = /^\/api\/queue\/tasks\/([1-9]\d{0,14})$/;

interface PollRoadOptions {
  /** The controller's method that Express mounts too. */
  find(
    req: { params: { task_id: string }; query: object; headers: object },
    res: ServerResponse,
  ): Promise<void>;
  clock: Clock;
  logger: Logger;
}

const NO_QUERY = Object.freeze({});

/**
 * Answers the plain poll ahead of Express, which would cost several times what the poll itself does. It takes only
 * requests that the route's schemas would let pass unchanged, and what it does to them is what Express's road does, by
 * the same functions. Returns false for every other request, before having touched it.
 */
export function pollRoad({ find, clock, logger }: PollRoadOptions) {
  return (req: IncomingMessage, res: ServerResponse): boolean => {
    const taskId = req.method === 'GET' && POLL.exec(req.url as string)?.[1];
    if (!taskId) return false;
    beginRequest(logger, req, res);
    find({ params: { task_id: taskId }, query: NO_QUERY, headers: req.headers }, res).catch((error) =>
      answerError(error, res, clock, logger),
    );
    return true;
  };
}
