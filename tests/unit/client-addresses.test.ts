import { describe, expect, test } from '@jest/globals';
import { ClientAddresses, networkOf } from '../../src/auth/client-address.js';

const PROXY = '10.0.0.1';

const addressOf = (trusted: string[], remoteAddress: string | undefined, forwarded?: string) =>
  new ClientAddresses(trusted).of({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } });

describe('the address of a client', () => {
  test.each<[string, string[], string | undefined, string | undefined, string | null]>([
    ['is that of its connection', [], '1.2.3.4', undefined, '1.2.3.4'],
    ['is not what it says itself', [], '1.2.3.4', '5.6.7.8', '1.2.3.4'],
    ['is not what somebody says who is not trusted', [PROXY], '1.2.3.4', '5.6.7.8', '1.2.3.4'],
    ['is what a trusted proxy says', [PROXY], PROXY, '5.6.7.8', '5.6.7.8'],
    ['is the nearest that is not trusted', [PROXY], PROXY, '6.6.6.6, 5.6.7.8', '5.6.7.8'],
    ['is found behind several proxies', ['10.0.0.0/8'], PROXY, '6.6.6.6, 5.6.7.8,10.9.9.9', '5.6.7.8'],
    ['is a proxy’s own, where it asks for itself', [PROXY], PROXY, undefined, PROXY],
    ['is the last one that is known, where all are trusted', ['10.0.0.0/8'], PROXY, '10.1.1.1', '10.1.1.1'],
    ['is the proxy’s where that says nonsense', [PROXY], PROXY, 'unknown', PROXY],
    ['is not found beyond nonsense', ['10.0.0.0/8'], PROXY, '5.6.7.8, <b>, 10.1.1.1', '10.1.1.1'],
    ['is not found in an empty header', [PROXY], PROXY, ' , ', PROXY],
    ['may be of IPv6', ['loopback'], '::1', '2001:db8::1', '2001:db8::1'],
    ['is IPv4 where it only looks like IPv6', ['loopback'], '::ffff:127.0.0.1', '::ffff:5.6.7.8', '5.6.7.8'],
    ['may be behind a proxy of the same network', ['uniquelocal'], '192.168.0.1', '8.8.8.8', '8.8.8.8'],
    ['may be behind a proxy of the link', ['linklocal'], 'fe80::1', '8.8.8.8', '8.8.8.8'],
    ['may be behind a proxy of a network of IPv6', ['2001:db8::/32'], '2001:db8::9', '8.8.8.8', '8.8.8.8'],
    ['is unknown once it has hung up', ['loopback'], undefined, '5.6.7.8', null],
  ])('%s', (_what, trusted, remote, forwarded, expected) => {
    expect(addressOf(trusted, remote, forwarded)).toBe(expected);
  });

  test('ends with the header, however long', () => {
    expect(addressOf(['10.0.0.0/8'], PROXY, '10.0.0.2,'.repeat(1_600))).toBe(PROXY);
    expect(addressOf(['10.0.0.0/8'], PROXY, `5.6.7.8${',10.0.0.2'.repeat(1_600)}`)).toBe('5.6.7.8');
  });

  test('needs networks that are some', () => {
    for (const bad of ['proxy', '10.0.0.0/33', '1.2.3', ''])
      expect(() => new ClientAddresses([bad])).toThrow(RangeError);
  });
});

test('who has an address of IPv6 has its network', () => {
  const network = networkOf('2001:db8:0:7::1');
  for (const same of ['2001:db8:0:7:ffff::2', '2001:DB8::7:1:2:3:4', '2001:0db8:0000:0007::']) {
    expect(networkOf(same)).toBe(network);
  }
  for (const other of ['2001:db8::1', '2001:db8:0:8::1', '::1', '1.2.3.4'])
    expect(networkOf(other)).not.toBe(network);
  expect(networkOf('1.2.3.4')).toBe('1.2.3.4');
  expect(networkOf(null)).toBe('');
});
