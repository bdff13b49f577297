import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Whether a request names its host once at most. Node takes the first of several, and whatever is in front of us may have gone
 * by another: such a request is refused (RFC 9112, 3.2).
 */
export function hasOneHost({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts <= 1;
}

/** As node answers a request that names no host. */
export function refuseHosts(res: ServerResponse): void {
  res.statusCode = 400;
  res.shouldKeepAlive = false;
  res.end();
}
