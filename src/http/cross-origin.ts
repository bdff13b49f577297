import cors from 'cors';
import type { RequestHandler } from 'express';
import { REPLY_HEADER_NAMES } from '../controllers/route-docs.js';

/** Request headers that a page may send beyond the safelisted ones. */
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

/** Seconds for which browsers cache a preflight. */
const MAX_AGE = 600;

/** Allows pages of these origins to call the API. Without cookies: they send a key. */
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
