import type { RequestSource } from './request-source.js';

/** The host and port that an origin names; undefined where it is none, such as `null`. */
function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/** Whether no page is behind a request, or one that this very server has sent. A proxy may have added the TLS. */
export const isOwnOrigin = ({ headers: { origin, host } }: RequestSource): boolean =>
  origin === undefined || (host !== undefined && hostOf(origin) === host.toLowerCase());
