import { createHash } from 'node:crypto';
import { type ClientAddresses, isSecure } from '../auth/client-address.js';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import { SpooliteError } from '../core/errors.js';

/** A list with its filters, whose pages are chained by links. */
export class PagedList {
  readonly #url: string;

  /** `path` is the list's; filters that are undefined are not in force. */
  constructor(path: string, filters: Readonly<Record<string, string | undefined>>) {
    const parameters = Object.entries(filters).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}&`],
    );
    this.#url = `${path}?${parameters.join('')}`;
  }

  /** After which position a page begins; undefined for the first. Throws CURSOR_INVALID for another list's cursor. */
  positionOf(cursor: string | undefined): number | undefined {
    return cursor === undefined ? undefined : decodeCursor(this.#url, cursor);
  }

  /** The cursor of the page after `position`. */
  cursorAfter(position: number): string {
    return encodeCursor(this.#url, position);
  }

  /** The path of the page after `position`. */
  pathAfter(position: number, limit: number): string {
    return `${this.#url}limit=${limit}&cursor=${this.cursorAfter(position)}`;
  }
}

/** Marks a cursor with the list it belongs to, so that it is refused elsewhere. No secret: forging one gains nothing. */
const markOf = (list: string): string => createHash('sha256').update(list).digest('base64url').slice(0, 8);

/** An opaque cursor to what follows `position` in the list that `list` (its path and filters) names. */
export const encodeCursor = (list: string, position: number): string =>
  Buffer.from(`${position}.${markOf(list)}`).toString('base64url');

/** The position in a cursor of ours. Throws CURSOR_INVALID for any other text, and for a cursor of another list. */
export function decodeCursor(list: string, cursor: string): number {
  const position = Number.parseInt(Buffer.from(cursor, 'base64url').toString('latin1'), 10);
  if (encodeCursor(list, position) === cursor) return position;
  throw new SpooliteError(
    'CURSOR_INVALID',
    'The cursor does not belong to this list with these filters; start again without it, or repeat the filters it came with',
    [{ pointer: '/cursor', message: 'belongs to another list or other filters' }],
  );
}

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

  /** Sets the `Link` header that leads to the next page. */
  linkToNext(res: HttpResponse, path: string): void {
    res.setHeader('Link', `<${this.of(res, path)}>; rel="next"`);
  }

  /** What a trusted proxy says was asked for, else the request's own `Host`. */
  #hostOf(req: RequestHead): string | undefined {
    const forwarded = req.headers['x-forwarded-host'];
    const isForwarded = forwarded !== undefined && this.#addresses.isFromProxy(req);
    const host = isForwarded ? String(forwarded).split(',')[0]?.trim() : req.headers.host;
    return host !== undefined && HOST.test(host) ? host : undefined;
  }
}
