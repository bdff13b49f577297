import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createQueue } from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { EventReader } from '../support/http-clients.js';
import { PollingServer } from '../support/polling-server.js';
import { TestApp } from '../support/test-app.js';

const STREAMS = 12;
const TASKS = 600;

/** Who wait for one task. */
const WATCHES = 200;

/** Counts the turns of the event loop that begin while something goes on. */
async function turnsWhile(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  void work.then(over, over);
  let turns = 0;
  for (; !isOver; await turn()) turns++;
  return turns;
}

describe('a large batch with many streams open', () => {
  test('is read once for all of them, whatever each wants to see', async () => {
    const server = await PollingServer.start();
    const client = new Client(server.url);
    const paths = ['/events', '/events?type=mail', '/events?status=queued'];
    const streams = Array.from(
      { length: STREAMS },
      (_, at) => new EventReader(`${server.url}/api/queue${paths[at % paths.length]}`),
    );
    await Promise.all(streams.map(({ response }) => response));
    // Each has read what was there before, which is nothing.
    while ((server.calls.changes.since ?? 0) < STREAMS) await turn();
    const before = server.calls.changes.since ?? 0;
    await client.enqueueMany(Array.from({ length: TASKS }, () => ({ type: 'mail' })));
    for (const stream of streams) {
      const ids: number[] = [];
      while (ids.length < TASKS) ids.push((await stream.next()).data.task_id);
      expect(ids).toEqual(Array.from({ length: TASKS }, (_, at) => at + 1));
    }
    // A hundred changes at a time, and once more to see that nothing follows, whoever announces the commit again.
    expect((server.calls.changes.since ?? 0) - before).toBeLessThan((TASKS / 100) * 3);
    for (const stream of streams) stream.hangUp();
  });
});

test('a change that hundreds wait for is told them in steps', async () => {
  const app = new TestApp();
  onTestEnd(() => app.close());
  await app.listen();
  const queue = createQueue({ database: app.file, clock: app.clock });
  onTestEnd(() => queue.close());
  const { taskId } = await queue.enqueue({ type: 'mail' });
  const watches = Array.from({ length: WATCHES }, () => queue.watch(taskId));
  await Promise.all(watches.map((watch) => watch.next()));
  const told = watches.map((watch) => watch.next());
  void queue.cancel(taskId);
  await told[0];
  expect(await turnsWhile(Promise.all(told))).toBeGreaterThanOrEqual(WATCHES / 50 - 1);
});
