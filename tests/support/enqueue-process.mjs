// Enqueues tasks into the database file that is named: `count` of them for each message, many at a time, singly and in
// batches; answers how many it has enqueued and every error.

import { openSqliteStorage } from '../../dist/app/open-sqlite-storage.js';
import { systemClock } from '../../dist/core/clock.js';

/** Tasks under way at once: a batch of as many again, and the rest one by one. */
const WAVE = 100;
const BATCH = 20;

const [, , file] = process.argv;
const storage = openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random });
const { tasks } = storage.repositories;

const task = {
  type: 'count',
  priority: 100,
  payload: '{}',
  compatibility: '{}',
  maxAttempts: 5,
  runAfter: null,
  idempotencyKey: null,
};
const some = (count) => Array.from({ length: count }, () => task);

async function enqueue(count) {
  const errors = [];
  let enqueued = 0;
  const counted = async (write, by) => {
    try {
      await write;
      enqueued += by;
    } catch (error) {
      errors.push(`${error.code}: ${error.message}`);
    }
  };
  for (let left = count; left > 0; left -= WAVE) {
    const single = some(WAVE - BATCH).map((one) => counted(tasks.enqueue(one), 1));
    await Promise.all([...single, counted(tasks.enqueueMany(some(BATCH)), BATCH)]);
  }
  return { enqueued, errors };
}

process.on('message', async ({ count }) => process.send(await enqueue(count)));
process.send('ready');
