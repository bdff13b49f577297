import { isIP } from 'node:net';

/** The name in a `Host` header, without the port. */
export function hostNameOf(host: string): string {
  const name = host.startsWith('[') ? host.slice(1, host.indexOf(']')) : host.replace(/:\d*$/, '');
  return name.toLowerCase().replace(/\.$/, '');
}

/**
 * Whether a name can only be ours. A page that has its own name resolve to this machine (DNS rebinding) calls us by that
 * name; nobody else's name can be an address, and `localhost` is never looked up elsewhere.
 */
export function isOwnName(host: string, allowed: readonly string[]): boolean {
  const name = hostNameOf(host);
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || allowed.includes(name);
}
