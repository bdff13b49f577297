import { isIP } from 'node:net';
import { inNetworks } from '../../domain/network.js';
import type { RequestSource } from './request-source.js';

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
