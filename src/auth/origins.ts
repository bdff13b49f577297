import { isIP } from 'node:net';
import { SpooliteError } from '../core/errors.js';
import type { RequestSource } from './exchange.js';

/** Whether a browser reports a request from another site's page; following a link does not count. */
const isFromOtherSite = ({ headers, method }: RequestSource): boolean => {
  const site = headers['sec-fetch-site'];
  if (site !== 'cross-site' && site !== 'same-site') return false;
  return headers['sec-fetch-mode'] !== 'navigate' || (method !== 'GET' && method !== 'HEAD');
};

/**
 * Throws FORBIDDEN for a request made by a page of another origin. Browsers name that origin with every request that
 * could change something; newer ones send the site of origin with every request.
 */
export function rejectCrossOrigin(req: RequestSource, origins: readonly string[]): void {
  const { origin } = req.headers;
  const isListed = origin !== undefined && origins.includes(origin);
  const isForeign = !isListed && (isFromOtherSite(req) || !isAllowedOrigin(req));
  if (isForeign)
    throw new SpooliteError('FORBIDDEN', 'Requests from other origins are not allowed: see --cors-origins');
}

/** The host and port of an origin; undefined if it is not one, such as `null`. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/**
 * Whether a request comes from no page, or from one of this server. A proxy may have added the TLS or, as development
 * proxies do, its own name and port: then the browser's `Sec-Fetch-Site` counts, which no script can set. A page that
 * has its own name resolve to this machine is of the same origin too; the check of the `Host` header refuses it.
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
 * Whether a host name can only be this server's. A page that has its own name resolve to this machine (DNS rebinding)
 * sends that name; no other site's name can be an address, and `localhost` is never looked up elsewhere.
 */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  const name = hostNameOf(host);
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || allowed.includes(name);
}
