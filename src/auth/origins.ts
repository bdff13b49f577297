import { isIP } from 'node:net';
import { SpooliteError } from '../core/errors.js';
import type { RequestSource } from './exchange.js';

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
export function rejectCrossOrigin(req: RequestSource, origins: readonly string[]): void {
  const { origin } = req.headers;
  const isListed = origin !== undefined && origins.includes(origin);
  const isStrange = !isListed && (isFromOtherSite(req) || !isAllowedOrigin(req));
  if (isStrange)
    throw new SpooliteError('FORBIDDEN', 'Requests from other origins are not allowed: see --cors-origins');
}

/** The host and port that an origin names; undefined where it is none, such as `null`. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/**
 * Whether no page is behind a request, or one that this very server has sent. A proxy may have added the TLS, or, as those for
 * development do, its own name and port: then the browser's word counts, which no script can put into its mouth. A page that
 * has its own name resolve to this machine is of the same origin too; that is for the check of the `Host` header.
 */
export const isAllowedOrigin = ({ headers }: RequestSource): boolean => {
  const { origin, host } = headers;
  if (origin === undefined || headers['sec-fetch-site'] === 'same-origin') return true;
  return host !== undefined && hostOf(origin) === host.toLowerCase();
};

/** The name in a `Host` header, without the port. */
export function hostNameOf(host: string): string {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
}

/**
 * Whether a name can only be ours. A page that has its own name resolve to this machine (DNS rebinding) calls us by that
 * name; nobody else's name can be an address, and `localhost` is never looked up elsewhere.
 */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = hostNameOf(host);
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || allowed.includes(name);
}
