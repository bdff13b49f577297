import { expect, test } from '@jest/globals';
import { DEFAULTS } from '../../src/config/options.js';
import { nearestName } from '../../src/core/text.js';

const NAMES = Object.keys(DEFAULTS);

test.each([
  ['portt', 'port'],
  ['prot', 'port'],
  ['Port', 'port'],
  ['SPOOLITE_PORT', 'port'],
  ['--lease-seconds', 'leaseSeconds'],
  ['lease_seconds', 'leaseSeconds'],
  ['leaseSecond', 'leaseSeconds'],
  ['keepFailedDay', 'keepFailedDays'],
  ['capabilites', 'capabilities'],
  ['handler', 'handlers'],
  ['ur', 'url'],
])('%s is probably meant to be %s', (given, name) => expect(nearestName(given, NAMES)).toBe(name));

test.each(['', '---', 'redis', 'x', 'spoolite', 'porcelain', '__proto__', 'p'.repeat(100_000)])(
  '%j is near to nothing',
  (given) => expect(nearestName(given, NAMES)).toBeUndefined(),
);

test('the nearest of several wins', () => {
  expect(nearestName('bodyLimits', ['batchBodyLimit', 'bodyLimit'])).toBe('bodyLimit');
});
