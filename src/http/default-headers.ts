import type { Reply } from '../controllers/reply.js';

/** What every answer of the API carries. None of it is meant for a browser to render, frame, or keep. */
export const DEFAULT_HEADERS = Object.freeze({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
});

const ENTRIES = Object.entries(DEFAULT_HEADERS);

export function setDefaultHeaders(res: Reply): void {
  for (const [name, value] of ENTRIES) res.setHeader(name, value);
}
