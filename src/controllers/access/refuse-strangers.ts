import { SpooliteError } from '../../domain/spoolite-error.js';
import type { RequestSource } from './request-source.js';

/** The host and port that an origin names; undefined where it is none, such as `null`. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/** Whether a page of another origin asks. */
export const isOfOtherOrigin = ({ headers: { origin, host } }: RequestSource): boolean =>
  origin !== undefined && (host === undefined || hostOf(origin) !== host.toLowerCase());

/**
 * Throws FORBIDDEN for what a page of another origin has a browser ask. Browsers name that page's origin with every
 * request that could change something, and newer ones say of every request where it comes from; a link that somebody
 * follows is let in.
 */
export function refuseStrangers(req: RequestSource, origins: readonly string[]): void {
  const { headers, method } = req;
  if (headers.origin !== undefined) {
    if (!isOfOtherOrigin(req) || origins.includes(headers.origin)) return;
    throw new SpooliteError('FORBIDDEN', 'Pages of other origins may not ask here: see --cors-origins');
  }
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return;
  if (headers['sec-fetch-mode'] === 'navigate' && (method === 'GET' || method === 'HEAD')) return;
  throw new SpooliteError('FORBIDDEN', 'Pages of other origins may not ask here: see --cors-origins');
}
