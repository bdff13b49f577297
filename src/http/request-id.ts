import { randomUUID } from 'node:crypto';
import type { Reply } from '../controllers/reply.js';
import { REQUEST_ID_HEADER } from '../controllers/request-id-of.js';
import type { RequestHead } from './request-head.js';

const SANE = /^[\x21-\x7e]{1,128}$/;

/** Gives a request an id, the client's own where it sent a sane one, and says it in the answer. */
export function identify(req: RequestHead, res: Reply): void {
  const given = req.headers['x-request-id'];
  res.setHeader(REQUEST_ID_HEADER, typeof given === 'string' && SANE.test(given) ? given : randomUUID());
}
