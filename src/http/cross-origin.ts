import cors from 'cors';
import type { RequestHandler } from 'express';
import { REPLY_HEADER_NAMES } from '../controllers/route-docs.js';

/** What a page may send besides what needs no permission. */
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Last-Event-ID',
  'Prefer',
  'X-API-Key',
  'X-Request-Id',
  'traceparent',
];

/** Seconds for which a browser remembers what it may do. */
const MAX_AGE = 600;

/** Lets pages of these origins ask and read. Cookies are not for them: they bring a key. */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  const allow = cors({
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'DELETE'],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: Object.values(REPLY_HEADER_NAMES),
    maxAge: MAX_AGE,
  });
  return (req, res, next) => {
    const { origin } = req.headers;
    if (origin !== undefined && origins.includes(origin)) {
      res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    }
    allow(req, res, next);
  };
}
