import { expect, test } from '@jest/globals';
import express from 'express';
import { createControllers } from '../../../src/controllers/controllers.js';
import type { Route } from '../../../src/controllers/route.js';
import { SCOPES } from '../../../src/core/access.js';
import { mountRoutes } from '../../../src/http/mount-routes.js';
import { systemClock } from '../../../src/index.js';
import type { Repositories } from '../../../src/repositories/storage.js';
import { ROUTES } from '../../support/api-document.js';
import { useTestApp } from '../../support/test-app.js';

const app = useTestApp();

const { gate } = createControllers({
  repositories: {} as Repositories,
  clock: systemClock,
  version: '0',
  readiness: async () => ({}),
  onCommit: () => () => {},
});

const options = { gate, limits: { bodyBytes: 1, batchBodyBytes: 1 }, first: [] };

test('a route that does not say whom it is for does not start', () => {
  const { scopes: _, ...forgotten } = ROUTES[0] as Route;
  expect(() => mountRoutes(express(), [forgotten as Route], options)).toThrow(
    'The route get /api/queue/tasks/:task_id names no scopes',
  );
  expect(() => mountRoutes(express(), ROUTES, options)).not.toThrow();
});

test('every route is for scopes that there are, and for everybody only where it tells nothing of tasks', () => {
  for (const { scopes } of ROUTES) for (const scope of scopes) expect(SCOPES).toContain(scope);
  const open = ROUTES.filter(({ scopes }) => scopes.length === 0).map(({ docs }) => docs.operationId);
  expect(open.sort()).toEqual(
    ['getHealth', 'getOpenApi', 'getReadiness', 'getSession', 'signIn', 'signOut'].sort(),
  );
});

test('nothing under /api is there besides the route table', () => {
  const known = new Set(ROUTES.map(({ path }) => path));
  const mounted = (app().app.router.stack as { route?: { path: string } }[]).flatMap(({ route }) =>
    route ? [route.path] : [],
  );
  expect(mounted.length).toBeGreaterThanOrEqual(known.size);
  expect(mounted.filter((path) => !known.has(path))).toEqual([]);
});
