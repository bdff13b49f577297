import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  createApp,
  createQueue,
  createWorker,
  type Handlers,
  UserError,
  type WorkerOptions,
} from '../../src/index.js';
import { scratchFolder } from '../support/cleanup.js';

const handlers: Handlers = { work: () => 1 };

/** The message with which a worker refuses to be made. */
function refusal(options: WorkerOptions, given: unknown): string {
  try {
    createWorker({ database: ':memory:', ...options, handlers: given as Handlers });
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  return 'not refused';
}

test.each<[WorkerOptions, string]>([
  [{ concurrency: 0 }, 'concurrency must be an integer from 1 to 1000, not 0.'],
  [{ concurrency: 1.5 }, 'concurrency must be an integer from 1 to 1000, not 1.5.'],
  [{ concurrency: '5' as never }, 'concurrency must be an integer from 1 to 1000, not 5.'],
  [{ leaseSeconds: 0.5 }, 'leaseSeconds must be a number from 1 to 3600, not 0.5.'],
  [{ graceSeconds: -1 }, 'graceSeconds must be a number from 0 to 86400, not -1.'],
  [{ pollSeconds: 0 }, 'pollSeconds must be a number from 0.01 to 3600, not 0.'],
  [{ timeoutSeconds: Number.NaN }, 'timeoutSeconds must be a number from 0 to 2073600, not NaN.'],
  [{ timeoutSeconds: 30 * 86_400 }, 'timeoutSeconds must be a number from 0 to 2073600, not 2592000.'],
  [
    { strategy: 'random' as never },
    'strategy must be one of priority, fifo, lifo, weighted_random, not random.',
  ],
  [{ types: ['work', 'play'] }, 'types names "play", which has no handler.'],
  [{ types: [] }, 'types must be a list of at least one type.'],
  [{ types: 'work' as never }, 'types must be a list of at least one type.'],
  [{ workerId: '' }, 'workerId must be 1 to 200 characters without control characters.'],
  [{ workerId: 'a\nb' }, 'workerId must be 1 to 200 characters without control characters.'],
  [{ workerId: 'x'.repeat(201) }, 'workerId must be 1 to 200 characters without control characters.'],
  [{ capabilities: [] as never }, 'capabilities must be an object of JSON values.'],
  [
    { capabilities: { sites: 'x'.repeat(70_000) } },
    'capabilities must not have more than 65536 bytes as JSON.',
  ],
  [{ capabilities: 'gpu' as never }, 'capabilities must be an object of JSON values.'],
  [{ capabilities: { gpu: undefined as never } }, 'capabilities must be an object of JSON values.'],
])('options %j are refused: %s', (options, message) => {
  expect(refusal(options, handlers)).toBe(message);
});

test.each<[string, unknown, string]>([
  ['none', undefined, 'handlers must be an object of handlers by task type.'],
  ['null', null, 'handlers must be an object of handlers by task type.'],
  ['a function', () => 1, 'handlers must be an object of handlers by task type.'],
  ['a list', [() => 1], 'handlers must be an object of handlers by task type.'],
  ['an empty object', {}, 'handlers must name at least one type: this worker would never claim a task.'],
  [
    'text for a handler',
    { work: 'handler.js' },
    'The handler for type "work" must be a function, or an object with a function "handler".',
  ],
  [
    'null for a handler',
    { work: null },
    'The handler for type "work" must be a function, or an object with a function "handler".',
  ],
  [
    'an object without a handler',
    { work: { timeoutSeconds: 1 } },
    'The handler for type "work" must be a function, or an object with a function "handler".',
  ],
  [
    'an option that is none',
    { work: { handler: () => 1, timeout: 5 } },
    'timeout of type "work" is not an option; the options are handler, timeoutSeconds, retry, retryTimeouts.',
  ],
  [
    'a timeout without end',
    { work: { handler: () => 1, timeoutSeconds: Number.POSITIVE_INFINITY } },
    'timeoutSeconds of type "work" must be a number from 0 to 2073600, not Infinity.',
  ],
  [
    'a negative delay',
    { work: { handler: () => 1, retry: { baseSeconds: -1 } } },
    'retry.baseSeconds of type "work" must be a number from 0 to 31536000, not -1.',
  ],
  [
    'a delay that is no number',
    { work: { handler: () => 1, retry: { factor: Number.NaN } } },
    'retry.factor of type "work" must be a number from 1 to 1000, not NaN.',
  ],
  [
    'too much jitter',
    { work: { handler: () => 1, retry: { jitter: 2 } } },
    'retry.jitter of type "work" must be a number from 0 to 1, not 2.',
  ],
  [
    'a retry option that is none',
    { work: { handler: () => 1, retry: { base: 5 } } },
    'retry.base of type "work" is not an option; the options are baseSeconds, factor, maxSeconds, jitter.',
  ],
  [
    'an empty type',
    { '': () => 1 },
    `A handler's type must be 1 to 200 characters without control characters, not "".`,
  ],
  [
    'a type of spaces',
    { '  ': () => 1 },
    `A handler's type must be 1 to 200 characters without control characters, not "  ".`,
  ],
  [
    'a type of 201 characters',
    { ['x'.repeat(201)]: () => 1 },
    `A handler's type must be 1 to 200 characters without control characters, not "${'x'.repeat(201)}".`,
  ],
  [
    'a type with a control character',
    { 'a\nb': () => 1 },
    `A handler's type must be 1 to 200 characters without control characters, not "a\\nb".`,
  ],
  ['two that are one type', { a: () => 1, ' a ': () => 2 }, 'There are two handlers for type "a".'],
])('handlers are refused: %s', (_, given, message) => {
  expect(refusal({}, given)).toBe(message);
});

test('a refused worker has not touched the file system', () => {
  const database = join(scratchFolder(), 'queue.db');
  expect(() => createWorker({ database, handlers, concurrency: 0 })).toThrow(UserError);
  expect(existsSync(database)).toBe(false);
});

test('an app without handlers is no misuse: it serves only', async () => {
  const app = createApp({ database: ':memory:' });
  expect(app.worker.types).toEqual([]);
  expect(await app.worker.runOnce()).toBe(0);
  await app.stop();
});

test('a type of 200 characters that are two units each is a name, as it is for tasks', () => {
  const worker = createWorker({ database: ':memory:', handlers: { ['🧵'.repeat(200)]: () => 1 } });
  return worker.stop();
});

const unchecked = (make: (options: never) => unknown, options: unknown) => () => make(options as never);

test.each<[string, () => unknown, string]>([
  ['no options', unchecked(createWorker, undefined), 'createWorker takes an object of options.'],
  [
    'no database',
    unchecked(createWorker, { handlers }),
    'createWorker: database is missing; name the database file, or ":memory:".',
  ],
  [
    'a mistyped option',
    unchecked(createWorker, { database: ':memory:', handlers, concurency: 5 }),
    'createWorker: "concurency" is not an option; did you mean "concurrency"?',
  ],
  ['a queue without options', unchecked(createQueue, null), 'createQueue takes an object of options.'],
  [
    'a queue without a database',
    unchecked(createQueue, {}),
    'createQueue: database is missing; name the database file, or ":memory:".',
  ],
  [
    'a mistyped option of a queue',
    unchecked(createQueue, { databse: 'q.db' }),
    'createQueue: "databse" is not an option; did you mean "database"?',
  ],
  [
    'a mistyped option of an app',
    unchecked(createApp, { database: ':memory:', hidePayload: true }),
    'createApp: "hidePayload" is not an option; did you mean "hidePayloads"?',
  ],
  [
    "a mistyped option of an app's worker",
    unchecked(createApp, { database: ':memory:', worker: { leaseSecond: 5 } }),
    'createApp, worker: "leaseSecond" is not an option; did you mean "leaseSeconds"?',
  ],
  [
    'a backup that would never rest',
    unchecked(createApp, { database: 'q.db', backups: { folder: 'b', intervalHours: 0, keep: 1 } }),
    `backups.intervalHours must be a number from ${1 / 3600} to 35000, not 0.`,
  ],
])('refused, with a sentence, and before a file is made: %s', (_, make, message) => {
  expect(make).toThrow(UserError);
  expect(make).toThrow(message);
  expect(existsSync('q.db')).toBe(false);
});

test('an app is not started with an option that is none', async () => {
  const app = createApp({ database: ':memory:' });
  await expect(app.start({ prot: 80 } as never)).rejects.toThrow(
    'start: "prot" is not an option; did you mean',
  );
  await app.stop();
});

test.each([Number.NaN, -1, '5'])(
  'stopping with graceSeconds %p is refused, and stops nothing',
  async (seconds) => {
    const app = createApp({ database: ':memory:' });
    await expect(app.stop({ graceSeconds: seconds as number })).rejects.toThrow(TypeError);
    expect(await app.worker.runOnce()).toBe(0);
    await app.stop();
  },
);
