import { expect, test } from '@jest/globals';
import type { Handler, JsonObject } from '../../src/index.js';
import { steppedQueue } from '../support/test-queue.js';
import { eventually, Gate } from '../support/waiting.js';

test('a worker claims only types it has handlers for', async () => {
  const { queue } = steppedQueue();
  const mine = await queue.enqueue({ type: 'mine' });
  const other = await queue.enqueue({ type: 'other' });
  expect(await queue.worker({ mine: () => 1 }).runOnce()).toBe(1);
  expect(await queue.find(mine)).toMatchObject({ status: 'completed' });
  expect(await queue.find(other)).toMatchObject({ status: 'queued', attempts: 0 });
});

test('a handler has the type that its name is without the space around it, as tasks have', async () => {
  const { queue } = steppedQueue();
  const id = await queue.enqueue({ type: 'a' });
  const worker = queue.worker({ ' a ': () => 1 }, { types: ['a '] });
  expect(worker.types).toEqual(['a']);
  expect(await worker.runOnce()).toBe(1);
  expect(await queue.find(id)).toMatchObject({ status: 'completed' });
});

test('and of those only the types it was told', async () => {
  const { queue } = steppedQueue();
  await queue.enqueue({ type: 'a' });
  const b = await queue.enqueue({ type: 'b' });
  const worker = queue.worker({ a: () => 1, b: () => 1 }, { types: ['b'] });
  expect(worker.types).toEqual(['b']);
  expect(await worker.runOnce()).toBe(1);
  expect(await queue.find(b)).toMatchObject({ status: 'completed' });
});

test.each<[JsonObject, JsonObject, number]>([
  [{ region: 'us' }, { region: 'us', gpu: true }, 1],
  [{ region: 'us' }, { region: ['eu', 'us'] }, 1],
  [{ region: 'us' }, { region: 'eu' }, 0],
  [{ region: 'us' }, {}, 0],
  [{ gpu: true }, { gpu: 1 }, 0],
  [{}, {}, 1],
])('a demand of %j before an offer of %j is claimed %i times', async (compatibility, capabilities, count) => {
  const { queue } = steppedQueue();
  await queue.enqueue({ compatibility });
  expect(await queue.worker({ work: () => 1 }, { capabilities }).runOnce()).toBe(count);
});

test('a step takes as many tasks as there are slots, in the order of the strategy', async () => {
  const { queue } = steppedQueue();
  for (const priority of [300, 100, 200]) await queue.enqueue({ priority });
  const order: number[] = [];
  const work: Handler = (task) => void order.push(task.priority);
  const worker = queue.worker({ work }, { concurrency: 2 });
  expect(await worker.runOnce()).toBe(2);
  expect(await worker.runOnce()).toBe(1);
  expect(await worker.runOnce()).toBe(0);
  expect(order).toEqual([100, 200, 300]);
  for (const priority of [300, 100]) await queue.enqueue({ priority });
  await queue.worker({ work }, { strategy: 'fifo' }).runOnce();
  expect(order.slice(3)).toEqual([300, 100]);
});

test('concurrency is never exceeded, and a freed slot is used again at once', async () => {
  const { queue } = steppedQueue();
  for (let n = 0; n < 12; n++) await queue.enqueue();
  const gates: Gate[] = [];
  let running = 0;
  let most = 0;
  const work: Handler = async () => {
    most = Math.max(most, ++running);
    const gate = new Gate();
    gates.push(gate);
    await gate.passed;
    running--;
  };
  const worker = queue.worker({ work }, { concurrency: 3, pollSeconds: 3600 });
  await worker.start();
  for (let done = 0; done < 12; done++) {
    const gate = await eventually(() => gates[done]);
    expect(gates.length).toBeGreaterThanOrEqual(Math.min(done + 1, 12));
    gate.open();
  }
  await eventually(async () => (await queue.storage.repositories.stats.overview()).completed === 12);
  expect(most).toBe(3);
});

test('an idle worker with two slots fills both, one task after the other', async () => {
  const { queue } = steppedQueue();
  const end = new Gate();
  let running = 0;
  const worker = queue.worker(
    {
      work: () => {
        running++;
        return end.passed;
      },
    },
    { concurrency: 2, pollSeconds: 3600 },
  );
  await worker.start();
  await queue.enqueue();
  await eventually(() => running === 1);
  await queue.enqueue();
  await eventually(() => running === 2);
  end.open();
});
