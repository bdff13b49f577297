import { randomUUID } from 'node:crypto';
import type { Reply } from '../controllers/reply.js';
import type { RequestHead } from './request-head.js';

const HEADER = 'X-Request-Id';
const SANE = /^[\x21-\x7e]{1,128}$/;

/** The id that was given to the request that this answers. */
export const requestIdOf = (res: Reply): string => String(res.getHeader(HEADER));

/** Gives a request an id, the client's own where it sent a sane one, and says it in the answer. */
export function identify(req: RequestHead, res: Reply): void {
  const given = req.headers['x-request-id'];
  res.setHeader(HEADER, typeof given === 'string' && SANE.test(given) ? given : randomUUID());
}
