import { describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { silentLogger } from '../../src/app/logger.js';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { DEFAULTS } from '../../src/config/options.js';
import { packageVersion } from '../../src/core/paths.js';
import { createHttp } from '../../src/http/create-http.js';
import { ManualClock } from '../../src/index.js';
import { expectProblem, useTestApp } from '../support/test-app.js';

const app = useTestApp();

test('GET /api/health says that the process lives', async () => {
  const response = await app().http.get('/api/health');
  expect(response.status).toBe(200);
  expect(response.body).toEqual({
    status: 'ok',
    version: packageVersion(),
    uptime_seconds: expect.any(Number),
  });
  await app().app.stop();
  expect((await app().http.get('/api/health')).status).toBe(200);
});

describe('GET /api/ready', () => {
  test('answers every check', async () => {
    const response = await app().http.get('/api/ready');
    expect(response.status).toBe(200);
    expect(response.body.status).toBe('ready');
    expect(response.body.checks.database).toBe('ok');
  });

  test('is 503 when the storage does not answer', async () => {
    await app().app.stop();
    const response = await app().http.get('/api/ready');
    expectProblem(response, 503, 'NOT_READY');
    expect(response.headers['retry-after']).toBe('1');
    expect(response.body.status).toBe(503);
    expect(Object.values(response.body.checks)).not.toContain('ok');
  });

  test('is 503 and says which check failed and why', async () => {
    const clock = new ManualClock();
    const storage = openSqliteStorage({
      file: ':memory:',
      durability: 'normal',
      clock,
      random: Math.random,
    });
    const checks = { database: 'ok', disk: 'has no room: delete something' };
    const { app } = createHttp({
      repositories: storage.repositories,
      clock,
      logger: silentLogger,
      version: packageVersion(),
      settings: DEFAULTS,
      readiness: async () => checks,
      onCommit: (listener) => storage.onCommit(listener),
    });
    const response = await supertest(app).get('/api/ready');
    await storage.close();
    expectProblem(response, 503, 'NOT_READY');
    expect(response.body.detail).toBe('disk: has no room: delete something');
    expect(response.body.checks).toEqual(checks);
  });
});
