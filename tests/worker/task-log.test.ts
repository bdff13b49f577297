import { expect, test } from '@jest/globals';
import type { HandlerContext } from '../../src/index.js';
import { steppedQueue } from '../support/test-queue.js';
import { eventually, Gate } from '../support/waiting.js';

/** Runs a task whose handler only logs; resolves to what is in the log between the claim and the end. */
async function logged(write: (log: HandlerContext['log']) => void) {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  await queue.worker({ work: (_, { log }) => write(log) }).runOnce();
  expect(await queue.find(id)).toMatchObject({ status: 'completed' });
  const entries = (await queue.storage.repositories.logs.list({ taskId: id, limit: 1000 })).entries;
  return entries.slice(1, -1);
}

test('entries keep their order, level and details, and tell the attempt', async () => {
  const entries = await logged((log) => {
    log.debug('one');
    log.info('two', { rows: [1, 2] });
    log.warning('three', 'text');
    log.error('four', null);
  });
  expect(entries).toEqual([
    expect.objectContaining({ level: 'debug', message: 'one', details: null, attempt: 1 }),
    expect.objectContaining({ level: 'info', message: 'two', details: '{"rows":[1,2]}' }),
    expect.objectContaining({ level: 'warning', message: 'three', details: '"text"' }),
    expect.objectContaining({ level: 'error', message: 'four', details: 'null' }),
  ]);
});

test('what was logged before the end is stored by the end, however much it is', async () => {
  const entries = await logged((log) => {
    for (let n = 0; n < 500; n++) log.info(`${n}`);
  });
  expect(entries.map(({ message }) => message)).toEqual(Array.from({ length: 500 }, (_, n) => `${n}`));
});

test('very much is stored in steps, in order, and other writes have their turn between them', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const { logs } = queue.storage.repositories;
  const sizes: number[] = [];
  const append = logs.append.bind(logs);
  logs.append = async (lease, entries, by) => {
    sizes.push(entries.length);
    await append(lease, entries, by);
  };
  const large = 'x'.repeat(9_000);
  await queue
    .worker({
      work: (_, { log }) => {
        for (let n = 0; n < 1_200; n++) log.info(`${n}`);
        for (let n = 0; n < 120; n++) log.debug(large);
      },
    })
    .runOnce();
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_320);
  expect(Math.max(...sizes)).toBe(500);
  // A million characters at most: the last steps are of large entries.
  expect(sizes.at(-1)).toBeLessThan(20);
  const { entries } = await logs.list({ taskId: id, level: 'info', limit: 1000, afterId: 0 });
  expect(entries.slice(1).map(({ message }) => message)).toEqual(
    Array.from({ length: 999 }, (_, n) => `${n}`),
  );
});

test('entries can be read while the handler still runs', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  const end = new Gate();
  const ran = queue
    .worker({
      work: (_, { log }) => {
        log.info('begun');
        return end.passed;
      },
    })
    .runOnce();
  await eventually(async () => (await queue.log(id)).includes('info begun'));
  end.open();
  await ran;
});

test('a failed attempt keeps what it logged', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue();
  await queue
    .worker({
      work: (_, { log }) => {
        log.info('about to fail');
        throw new Error('no luck');
      },
    })
    .runOnce();
  expect(await queue.log(id)).toEqual([
    'info Claimed by worker-a',
    'info about to fail',
    'warning Will be retried: no luck',
  ]);
});

test('details lose what JSON has no word for', async () => {
  const [entry] = await logged((log) => log.info('sent', { url: 'u', size: undefined } as never));
  expect(entry).toMatchObject({ message: 'sent', details: '{"url":"u"}' });
});

test.each([
  ['a bigint', 1n, 'Do not know how to serialize a BigInt'],
  ['a function', () => 1, 'a function is not JSON'],
  ['half a surrogate pair', '\ud800', 'text contains half of a surrogate pair, which UTF-8 cannot hold'],
])('details that cannot be stored (%s) do not fail the handler; the log says so', async (_, details, why) => {
  const [entry] = await logged((log) => log.info('sent', details as never));
  expect(entry).toMatchObject({ message: 'sent', details: JSON.stringify({ not_stored: why }) });
});

test.each([
  ['an error', new Error('broken'), 'Error: broken'],
  ['nothing', undefined, 'undefined'],
  ['half a surrogate pair', '\ud800', '\ufffd'],
  ['a symbol', Symbol('s'), 'Symbol(s)'],
  ['a megabyte', 'x'.repeat(1_000_000), `${'x'.repeat(9_993)}… (cut)`],
])('any message can be logged: %s', async (_, message, text) => {
  const [entry] = await logged((log) => log.info(message as never));
  expect(entry).toMatchObject({ message: text });
});
