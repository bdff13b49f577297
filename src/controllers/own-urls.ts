import { type ClientAddresses, isSecure } from '../auth/client-address.js';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import type { NextPage } from '../services/paged-list.js';

/** A name or an address and perhaps a port: nothing that means something else inside a URL or a header. */
const HOST = /^(?:[a-z\d](?:[\w.-]*[\w.])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** The path under which Express mounted the app that answers; a request that never met Express has none. */
const mountPathOf = ({ baseUrl }: RequestHead): string => baseUrl ?? '';

/** The path of a resource of ours as the client has to ask for it: below the path that the app is mounted under. */
export const ownPath = ({ request }: HttpResponse, path: string): string => `${mountPathOf(request)}${path}`;

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
  of(res: HttpResponse, path: string): string {
    const host = this.#hostOf(res.request);
    const own = ownPath(res, path);
    return host === undefined ? own : `${isSecure(res.request) ? 'https' : 'http'}://${host}${own}`;
  }

  /** Sets the `Link` header that leads to the next page, if there is one. */
  linkToNext(res: HttpResponse, next: Pick<NextPage, 'path'> | null): void {
    if (next !== null) res.setHeader('Link', `<${this.of(res, next.path)}>; rel="next"`);
  }

  /** What a trusted proxy says was asked for, else the request's own `Host`. */
  #hostOf(req: RequestHead): string | undefined {
    const forwarded = req.headers['x-forwarded-host'];
    const isForwarded = forwarded !== undefined && this.#addresses.isFromProxy(req);
    const host = isForwarded ? String(forwarded).split(',')[0]?.trim() : req.headers.host;
    return host !== undefined && HOST.test(host) ? host : undefined;
  }
}
