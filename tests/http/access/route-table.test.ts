import { expect, test } from '@jest/globals';
import { SCOPES } from '../../../src/core/access.js';
import { ROUTES } from '../../support/api-document.js';
import { useTestApp } from '../../support/test-app.js';

const app = useTestApp();

test('every route is for scopes that there are, and for everybody only where it tells nothing of tasks', () => {
  for (const { scopes } of ROUTES) for (const scope of scopes) expect(SCOPES).toContain(scope);
  const open = ROUTES.filter(({ scopes }) => scopes.length === 0).map(({ docs }) => docs.operationId);
  expect(open.sort()).toEqual(
    ['getHealth', 'getOpenApi', 'getReadiness', 'getSession', 'signIn', 'signOut'].sort(),
  );
});

test('nothing under /api is there besides the route table', async () => {
  for (const path of ['/api', '/api/', '/api/queue', '/api/queue/tasks/1/nothing', '/api/health/more'])
    expect((await app().http.get(path)).body).toMatchObject({ error_code: 'ROUTE_NOT_FOUND' });
});
