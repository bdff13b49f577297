import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { inNetworks } from '../core/network.js';
import { addressOf, principalOf } from './access-control.js';
import type { BareResponse, RequestSource } from './exchange.js';

/** Unwraps IPv4-mapped IPv6, which dual-stack sockets report. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

/** The forwarded addresses of a header, the nearest first. */
const hopsIn = (header: string | string[] | undefined): string[] =>
  String(header ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .reverse();

/** Finds the client's address. Forwarded addresses count only from trusted proxies. */
export class ClientAddresses {
  readonly #isTrusted: ((address: string) => boolean) | null;

  /** `trusted` are addresses and networks of proxies. Throws `RangeError` for an invalid one. */
  constructor(trusted: readonly string[]) {
    this.#isTrusted = trusted.length > 0 ? inNetworks(trusted) : null;
  }

  /** The address of the client, or of the last trustworthy hop towards it; null once disconnected. */
  of({ socket, headers }: RequestSource): string | null {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return null;
    const nearest = plain(remoteAddress);
    return this.#isTrusted?.(nearest) ? this.#behind(nearest, headers['x-forwarded-for']) : nearest;
  }

  /** Whether a trusted proxy forwarded the request, so that its headers about the client count. */
  isFromProxy({ socket: { remoteAddress } }: Pick<RequestSource, 'socket'>): boolean {
    return remoteAddress !== undefined && this.#isTrusted?.(plain(remoteAddress)) === true;
  }

  #behind(proxy: string, header: string | string[] | undefined): string {
    let address = proxy;
    for (const hop of hopsIn(header)) {
      if (isIP(hop) === 0) break;
      address = plain(hop);
      if (!this.#isTrusted?.(address)) break;
    }
    return address;
  }
}

/** Groups of an IPv6 address that a provider assigns to one customer as a whole. */
const GROUPS = 4;

/** The first half of an IPv6 address: one customer has all addresses below it. */
function halfOf(address: string): string {
  const [head = '', tail = ''] = address.split('::');
  const before = head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = address.includes('::') ? 8 - before.length - after.length : 0;
  const groups = [...before, ...Array.from({ length: Math.max(zeros, 0) }, () => '0'), ...after];
  return groups
    .slice(0, GROUPS)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
}

/** Identifies a client without a key: its address, or its network for IPv6. */
export const networkOf = (address: string | null): string =>
  address === null ? '' : isIP(address) === 6 ? halfOf(address) : address;

/** The client that `res` answers, for limits: its key, else its network. */
export const clientOf = (res: BareResponse): string | number =>
  principalOf(res).key?.id ?? networkOf(addressOf(res));

/** The entry of the proxy nearest to the client: each one behind it may add its own. */
const first = (header: string | string[] | undefined): string =>
  String(header ?? '')
    .split(',')[0]
    ?.trim() ?? '';

/**
 * Whether the client uses https, to this server or to a proxy. Any client may claim the latter: it only makes its own
 * cookie stricter, and its own next request safer.
 */
export const isSecure = (req: RequestSource): boolean =>
  (req.socket as TLSSocket).encrypted === true || first(req.headers['x-forwarded-proto']) === 'https';
