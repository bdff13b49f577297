import { createRequire } from 'node:module';
import { describe, expect, test } from '@jest/globals';
import supertest from 'supertest';
import * as clientModule from '../../src/client/index.js';
import * as library from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';

/** The copies that programs in CommonJS get. */
const load = createRequire(import.meta.url);
const commonLibrary: typeof library = load('../../dist/cjs/index.js');
const commonClient: typeof clientModule = load('../../dist/cjs/client/index.js');

type ErrorClass = new (...args: never[]) => Error;

const classesIn = (module: object): [string, ErrorClass][] =>
  Object.entries(module).filter(([, value]) => Object(value).prototype instanceof Error);

/** An instance that no constructor has seen: what these take differs. */
const instanceOf = ({ prototype }: ErrorClass): unknown => Object.create(prototype);

const PAIRS = [
  ...classesIn(library).map(([name, type]) => [name, type, Object(commonLibrary)[name]] as const),
  ...classesIn(clientModule).map(([name, type]) => [name, type, Object(commonClient)[name]] as const),
];

describe('the ES modules and the CommonJS bundle', () => {
  test('export the same', () => {
    expect(Object.keys(commonLibrary).sort()).toEqual(Object.keys(library).sort());
    expect(Object.keys(commonClient).sort()).toEqual(Object.keys(clientModule).sort());
    expect(PAIRS.length).toBeGreaterThan(8);
  });

  test.each(PAIRS)('know an error of each other: %s', (_name, here, there) => {
    expect(here).not.toBe(there);
    expect(instanceOf(here) instanceof there).toBe(true);
    expect(instanceOf(there) instanceof here).toBe(true);
    expect(new Error('another') instanceof here).toBe(false);
    expect((undefined as unknown) instanceof here).toBe(false);
  });

  test('share one copy of their own between both entries', () => {
    expect(commonLibrary.TaskFailed).toBe(commonClient.TaskFailed);
  });
});

test('a subclass is no wider than it was, and another error of the package is not one of the class', () => {
  class Own extends library.SpooliteError {}
  const plain = new library.SpooliteError('INTERNAL_ERROR', 'plain');
  expect(plain instanceof Own).toBe(false);
  expect(new Own('INTERNAL_ERROR', 'own') instanceof library.SpooliteError).toBe(true);
  expect(plain instanceof library.UserError).toBe(false);
});

test('a worker of the one understands what handlers of the other throw', async () => {
  const reject = () => {
    throw new library.Rejected('Never');
  };
  const app = commonLibrary.createApp({ database: ':memory:', handlers: { reject } });
  onTestEnd(() => app.stop());
  await supertest(app).post('/api/queue/enqueue').send({ type: 'reject' });
  await app.worker.runOnce();
  const { body } = await supertest(app).get('/api/queue/tasks/1');
  expect(body).toMatchObject({ status: 'failed', failure_reason: 'rejected', attempts: 1 });
});
