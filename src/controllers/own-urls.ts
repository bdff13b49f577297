import { type ClientAddresses, isSecure } from '../auth/client-address.js';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import type { NextPage } from '../services/paged-list.js';

/** A host name or address with an optional port: nothing with a meaning of its own inside a URL or a header. */
const HOST = /^(?:[a-z\d](?:[\w.-]*[\w.])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** Express's mount path of the app; empty for a request that bypassed Express. */
const mountPathOf = ({ baseUrl }: RequestHead): string => baseUrl ?? '';

/** The path of one of our resources for the client, including the app's mount path. */
export const ownPath = ({ request }: HttpResponse, path: string): string => `${mountPathOf(request)}${path}`;

/** URLs of our own resources, for reply headers. */
export class OwnUrls {
  readonly #addresses: ClientAddresses;

  constructor(addresses: ClientAddresses) {
    this.#addresses = addresses;
  }

  /**
   * Absolute, by the request's host, as many clients do not resolve relative URLs. Only the path if the request names
   * no usable host.
   */
  of(res: HttpResponse, path: string): string {
    const host = this.#hostOf(res.request);
    const own = ownPath(res, path);
    return host === undefined ? own : `${isSecure(res.request) ? 'https' : 'http'}://${host}${own}`;
  }

  /** Sets the `Link` header to the next page, if there is one. */
  linkToNext(res: HttpResponse, next: Pick<NextPage, 'path'> | null): void {
    if (next !== null) res.setHeader('Link', `<${this.of(res, next.path)}>; rel="next"`);
  }

  /** The forwarded host if a trusted proxy sent one, else the request's `Host`. */
  #hostOf(req: RequestHead): string | undefined {
    const forwarded = req.headers['x-forwarded-host'];
    const isForwarded = forwarded !== undefined && this.#addresses.isFromProxy(req);
    const host = isForwarded ? String(forwarded).split(',')[0]?.trim() : req.headers.host;
    return host !== undefined && HOST.test(host) ? host : undefined;
  }
}
