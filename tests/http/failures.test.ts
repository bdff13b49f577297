import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import express, { type ErrorRequestHandler } from 'express';
import supertest from 'supertest';
import { answerError } from '../../src/http/errors.js';
import { ManualClock } from '../../src/index.js';
import { capturingLogger } from '../support/telemetry.js';
import { api, expectProblem, useTestApp } from '../support/test-app.js';

const { logger, lines } = capturingLogger();
const app = useTestApp({ logger });
const errorsOf = (requestId: unknown) =>
  lines.filter(({ request_id, error_code }) => request_id === requestId && error_code !== undefined);

describe('what is not the client’s fault', () => {
  test('is 500, logged with its cause, which the client does not see', async () => {
    await app().http.get('/api/queue/tasks/1');
    await app().app.stop();
    const response = await app().http.get('/api/queue/tasks/1');
    expectProblem(response, 500, 'INTERNAL_ERROR');
    expect(response.text).not.toMatch(/database|connection|TypeError|\.js|at /);
    const [line] = errorsOf(response.body.request_id);
    expect(line).toMatchObject({
      level: 50,
      error_code: 'INTERNAL_ERROR',
      err: { message: 'The database connection is not open', stack: expect.any(String) },
    });
  });

  test('is 503 with Retry-After where the storage is closed', async () => {
    await app().app.stop();
    const response = await app().http.post('/api/queue/enqueue').send({ type: 'mail' });
    expectProblem(response, 503, 'NOT_READY');
    expect(response.headers['retry-after']).toBe('1');
    expect(errorsOf(response.body.request_id)).toHaveLength(1);
  });

  test('is 503 with Retry-After where another process keeps the file locked, and nothing is stored', async () => {
    const other = new Database(app().file);
    other.exec('begin immediate');
    const response = await app().http.post('/api/queue/enqueue').send({ type: 'mail' });
    expectProblem(response, 503, 'STORAGE_BUSY');
    expect(response.headers['retry-after']).toBe('1');
    other.exec('rollback');
    other.close();
    expect(await api.list(app())).toEqual([]);
    await api.enqueue(app());
    expect(await api.list(app())).toHaveLength(1);
  });
});

test('what is the client’s fault is not logged as an error', async () => {
  const response = await app().http.get('/api/queue/tasks/7');
  expect(errorsOf(response.body.request_id)).toEqual([]);
});

test('an error in the middle of an answer breaks it off, and is logged', async () => {
  const halfway = express()
    .get('/', (_req, res) => {
      res.write('half');
      throw new Error('out of paper');
    })
    .use(((error, _req, res, _next) =>
      answerError(error, res, new ManualClock(), logger)) as ErrorRequestHandler);
  await expect(supertest(halfway).get('/')).rejects.toThrow(/aborted|hang up/);
  expect(lines.at(-1)).toMatchObject({ error_code: 'INTERNAL_ERROR', err: { message: 'out of paper' } });
});
