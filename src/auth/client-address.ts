import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { inNetworks } from '../core/network.js';
import { addressOf, principalOf } from './access-control.js';
import type { BareResponse, RequestSource } from './exchange.js';

/** IPv4 in the clothes of IPv6, as a socket for both has it. */
const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);

/** The hops that proxies name, the nearest first. */
const hopsIn = (header: string | string[] | undefined): string[] =>
  String(header ?? '')
    .split(',')
    .map((hop) => hop.trim())
    .reverse();

/** Knows where requests come from. A proxy is believed only if it is among those that are trusted. */
export class ClientAddresses {
  readonly #isTrusted: ((address: string) => boolean) | null;

  /** `trusted` are addresses and networks of proxies. Throws `RangeError` for what is none. */
  constructor(trusted: readonly string[]) {
    this.#isTrusted = trusted.length > 0 ? inNetworks(trusted) : null;
  }

  /** The address of the client, or of the last one on the way to it that can be believed; null once it has hung up. */
  of({ socket, headers }: RequestSource): string | null {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined) return null;
    const nearest = plain(remoteAddress);
    return this.#isTrusted?.(nearest) ? this.#behind(nearest, headers['x-forwarded-for']) : nearest;
  }

  /** Whether the request was handed on by a trusted proxy, so that what it says of the client is believed. */
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

/** Groups of an IPv6 address that a provider gives to one customer as a whole. */
const GROUPS = 4;

/** The first half of an IPv6 address: whoever has one address of it has all of them. */
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

/** What stands for one client where it has no key: its address, of IPv6 the network. */
export const networkOf = (address: string | null): string =>
  address === null ? '' : isIP(address) === 6 ? halfOf(address) : address;

/** Whom `res` answers, as far as limits go: the key it came with, else where it came from. */
export const clientOf = (res: BareResponse): string | number =>
  principalOf(res).key?.id ?? networkOf(addressOf(res));

/** What the proxy nearest to the client has said: each one behind it may add its own. */
const first = (header: string | string[] | undefined): string =>
  String(header ?? '')
    .split(',')[0]
    ?.trim() ?? '';

/**
 * Whether the client reached us by https, here or before a proxy. Anybody may claim the latter: it only makes the client's own
 * cookie stricter, and its own next request safer.
 */
export const isSecure = (req: RequestSource): boolean =>
  (req.socket as TLSSocket).encrypted === true || first(req.headers['x-forwarded-proto']) === 'https';
