import { expect, test } from '@jest/globals';
import express from 'express';
import type { Route } from '../../src/controllers/route.js';
import { type MountOptions, mountRoutes } from '../../src/http/mount-routes.js';

const options = {
  limits: { bodyBytes: 1, batchBodyBytes: 1 },
  first: [] as const,
} as unknown as MountOptions;

const route = {
  method: 'get',
  path: '/here',
  scopes: ['read'],
  budget: 'reads',
  handle: async () => undefined,
};

const mount = (change: object) => () =>
  mountRoutes(express(), [{ ...route, ...change } as unknown as Route], options);

test('a route that does not say for whom it is, or what it counts as, does not start', () => {
  expect(mount({})).not.toThrow();
  expect(mount({ budget: 'none', scopes: [] })).not.toThrow();
  expect(mount({ scopes: undefined })).toThrow('The route get /here names no scopes');
  expect(mount({ budget: undefined })).toThrow('The route get /here names no budget');
  expect(mount({ budget: 'toString' })).toThrow('The route get /here names no budget');
});
