import { isIP } from 'node:net';
import type { Reply } from '../reply.js';
import { accessOf, addressOf } from './access.js';

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
export const clientOf = (res: Reply): string | number => accessOf(res).key?.id ?? networkOf(addressOf(res));
