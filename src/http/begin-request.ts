import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BareResponse, REQUEST_ID_HEADER, type RequestHead } from '../auth/exchange.js';
import type { RouteMeter } from '../metrics/request-meter.js';
import type { AccessLog } from './access-log.js';

/** The first step of every request: an id, the default headers, the access log. */
export function beginRequest(log: AccessLog, req: RequestHead, res: BareResponse, meter?: RouteMeter): void {
  identify(req, res);
  setDefaultHeaders(res);
  log.follow(req, res, meter);
}

const SANE = /^[\x21-\x7e]{1,128}$/;

/** Gives a request an id, the client's own if valid, and returns it in a header. */
export function identify(req: RequestHead, res: BareResponse): void {
  const given = req.headers['x-request-id'];
  res.setHeader(REQUEST_ID_HEADER, typeof given === 'string' && SANE.test(given) ? given : randomUUID());
}

/** Headers of every API reply: no browser is meant to render, frame or cache it. */
export const DEFAULT_HEADERS = Object.freeze({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
});

const ENTRIES = Object.entries(DEFAULT_HEADERS);

export function setDefaultHeaders(res: BareResponse): void {
  for (const [name, value] of ENTRIES) res.setHeader(name, value);
}

/**
 * Whether a request has at most one Host header. Node uses the first of several, and a proxy in front may have used
 * another, so such a request is refused (RFC 9112, 3.2).
 */
export function hasOneHost({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts <= 1;
}

/** Replies like node to a request without a host. */
export function refuseHosts(res: ServerResponse): void {
  res.statusCode = 400;
  res.shouldKeepAlive = false;
  res.end();
}
