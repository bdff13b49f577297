import { expect, test } from '@jest/globals';
import { DEFAULTS } from '../../src/config/options.js';
import type { Route } from '../../src/controllers/route.js';
import { Dispatcher, type DispatcherOptions } from '../../src/http/dispatcher.js';
import { RequestMeter } from '../../src/metrics/request-meter.js';

const options = {
  settings: DEFAULTS,
  requests: new RequestMeter(),
} as unknown as DispatcherOptions;

const route = {
  method: 'get',
  path: '/here',
  scopes: ['read'],
  rateLimit: 'reads',
  handle: async () => undefined,
};

const mount = (change: object) => () =>
  new Dispatcher([{ ...route, ...change } as unknown as Route], options);

test('a route that does not say for whom it is, or what it counts as, does not start', () => {
  expect(mount({})).not.toThrow();
  expect(mount({ rateLimit: 'none', scopes: [] })).not.toThrow();
  expect(mount({ scopes: undefined })).toThrow('The route get /here names no scopes');
  expect(mount({ rateLimit: undefined })).toThrow('The route get /here names no rate-limit class');
  expect(mount({ rateLimit: 'toString' })).toThrow('The route get /here names no rate-limit class');
});
