import type { RequestHandler } from 'express';

export const isReading = ({ method }: { method?: string }): boolean => method === 'GET' || method === 'HEAD';

/**
 * First in a route of `all` methods, leaves those but GET and HEAD to what comes after. A route of `get` would not: Express
 * answers OPTIONS for it.
 */
export const onlyReading: RequestHandler<object> = (req, _res, next) =>
  next(isReading(req) ? undefined : 'route');
