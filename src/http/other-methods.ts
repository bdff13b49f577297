import type { RequestHandler } from 'express';
import { SpooliteError } from '../core/errors.js';

/** Answers the methods that a known path has no route for. */
export function otherMethods(methods: readonly string[]): RequestHandler {
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return (req, res) => {
    res.setHeader('Allow', allow);
    if (req.method !== 'OPTIONS') {
      throw new SpooliteError(
        'METHOD_NOT_ALLOWED',
        `${req.method} is not allowed here; allowed are ${allow}`,
      );
    }
    res.statusCode = 204;
    res.end();
  };
}
