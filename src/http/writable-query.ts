import type { RequestHandler } from 'express';

/**
 * Makes `req.query` a plain property. In Express 5 it is a getter that parses anew at every look, and what celebrate
 * puts in its place cannot be replaced a second time.
 */
export const writableQuery: RequestHandler = (req, _res, next) => {
  Object.defineProperty(req, 'query', {
    value: req.query,
    writable: true,
    enumerable: true,
    configurable: true,
  });
  next();
};
