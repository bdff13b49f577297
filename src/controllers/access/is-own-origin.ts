import type { RequestSource } from './request-source.js';

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
export const isOwnOrigin = ({ headers }: RequestSource): boolean => {
  const { origin, host } = headers;
  if (origin === undefined || headers['sec-fetch-site'] === 'same-origin') return true;
  return host !== undefined && hostOf(origin) === host.toLowerCase();
};
