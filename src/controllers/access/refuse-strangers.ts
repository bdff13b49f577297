import { SpooliteError } from '../../domain/spoolite-error.js';
import { isOwnOrigin } from './is-own-origin.js';
import type { RequestSource } from './request-source.js';

/** Whether a browser says that a page of another site asks; a link that somebody follows is no such request. */
const isFromOtherSite = ({ headers, method }: RequestSource): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || (method !== 'GET' && method !== 'HEAD');
};

/**
 * Throws FORBIDDEN for what a page of another origin has a browser ask. Browsers name that page's origin with every
 * request that could change something, and newer ones say of every request where it comes from.
 */
export function refuseStrangers(req: RequestSource, origins: readonly string[]): void {
  const { origin } = req.headers;
  const isListed = origin !== undefined && origins.includes(origin);
  const isStrange = !isListed && (isFromOtherSite(req) || !isOwnOrigin(req));
  if (isStrange)
    throw new SpooliteError('FORBIDDEN', 'Pages of other origins may not ask here: see --cors-origins');
}
