import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientAddresses } from './access/client-addresses.js';
import { isSecure } from './access/is-secure.js';

/** A name or an address and perhaps a port: nothing that means something else inside a URL or a header. */
const HOST = /^(?:[a-z\d](?:[\w.-]*[\w.])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** The path under which Express mounted the app that answers; a request that never met Express has none. */
const mountPathOf = (req: IncomingMessage): string => (req as { baseUrl?: string }).baseUrl ?? '';

/** The path of a resource of ours as the client has to ask for it: below the path that the app is mounted under. */
export const ownPath = ({ req }: ServerResponse, path: string): string => `${mountPathOf(req)}${path}`;

/** Addresses of our own resources, for headers of replies. */
export class OwnUrls {
  readonly #addresses: ClientAddresses;

  constructor(addresses: ClientAddresses) {
    this.#addresses = addresses;
  }

  /**
   * Absolute, by the host that the client asked for, as many clients do not resolve a relative URL. Only the path where the
   * request names no usable host.
   */
  of(res: ServerResponse, path: string): string {
    const host = this.#hostOf(res.req);
    const own = ownPath(res, path);
    return host === undefined ? own : `${isSecure(res.req) ? 'https' : 'http'}://${host}${own}`;
  }

  /** Sets the `Link` header that leads to the next page. */
  linkToNext(res: ServerResponse, path: string): void {
    res.setHeader('Link', `<${this.of(res, path)}>; rel="next"`);
  }

  /** What a trusted proxy says was asked for, else the request's own `Host`. */
  #hostOf(req: IncomingMessage): string | undefined {
    const forwarded = req.headers['x-forwarded-host'];
    const isForwarded = forwarded !== undefined && this.#addresses.isFromProxy(req);
    const host = isForwarded ? String(forwarded).split(',')[0]?.trim() : req.headers.host;
    return host !== undefined && HOST.test(host) ? host : undefined;
  }
}
