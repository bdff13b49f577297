import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express, type RequestHandler } from 'express';
import { hasOneHost, refuseHosts } from './has-one-host.js';

type Next = (error?: unknown) => void;
type Handle = (req: IncomingMessage, res: ServerResponse, next?: Next) => void;

/**
 * Has the app answer what is its own and leave the rest to the program that it is mounted in. `refuse` answers the rest where the
 * app is all there is: then node has called it, which has no `next`. `nowhere` answers what not even that does.
 */
export function leaveTheRest(app: Express, refuse: RequestHandler, nowhere: Handle): void {
  // No router takes a target without a path, such as `http://`.
  const answerNowhere = (req: IncomingMessage, res: ServerResponse) => () => nowhere(req, res);
  const own = app as unknown as { handle: Handle };
  const handle = own.handle.bind(app);
  own.handle = (req, res, next) => {
    if (!next) {
      // At once: Express lets other events in after a hundred routes, and an error in what follows would be answered first.
      if (!hasOneHost(req)) return refuseHosts(res);
      return handle(req, res, () => void refuse(req as never, res as never, answerNowhere(req, res)));
    }
    const prototypes = [req, res].map((part) => [part, Object.getPrototypeOf(part)] as const);
    handle(req, res, (error) => {
      for (const [part, prototype] of prototypes) Object.setPrototypeOf(part, prototype);
      next(error);
    });
  };
  // Express has requests and responses inherit from those of the parent, which may be of Express 4.
  app.on('mount', () => {
    Object.setPrototypeOf(app.request, express.request);
    Object.setPrototypeOf(app.response, express.response);
  });
}
