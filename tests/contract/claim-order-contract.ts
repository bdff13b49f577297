import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.js';
import type { Strategy } from '../../src/core/workers.js';
import { failure, type OpenStorage, QueueUnderTest, seededRandom } from '../support/queue-under-test.js';

interface Placed {
  id: number;
  priority: number;
}

const EXPECTED: Record<Exclude<Strategy, 'weighted_random'>, (a: Placed, b: Placed) => number> = {
  priority: (a, b) => a.priority - b.priority || a.id - b.id,
  fifo: (a, b) => a.id - b.id,
  lifo: (a, b) => b.id - a.id,
};

const ORDERED = Object.keys(EXPECTED) as (keyof typeof EXPECTED)[];

/** 60 tasks over several types, priorities and demands. */
async function fill(queue: QueueUnderTest): Promise<Placed[]> {
  const random = seededRandom(7);
  const pick = <T>(values: T[]): T => values[Math.floor(random() * values.length)] as T;
  const placed: Placed[] = [];
  for (let count = 0; count < 60; count++) {
    const priority = pick([1, 5, 5, 100, 1000]);
    const compatibility = pick<JsonObject>([{}, { region: 'us' }]);
    placed.push({
      id: await queue.enqueue({ type: pick(['a', 'b', 'c']), priority, compatibility }),
      priority,
    });
  }
  return placed;
}

export function describeClaimOrder(open: OpenStorage): void {
  describe('order of claims', () => {
    test.each(ORDERED)('%s, whatever the size of the claims', async (strategy) => {
      const queue = new QueueUnderTest(open);
      const expected = (await fill(queue)).sort(EXPECTED[strategy]).map(({ id }) => id);
      const claimed: number[] = [];
      for (const limit of [1, 1, 2, 5, 13, 1, 100]) {
        claimed.push(...(await queue.claimedIds({ strategy, limit, capabilities: { region: 'us' } })));
      }
      expect(claimed).toEqual(expected);
    });

    test('weighted_random takes every task once', async () => {
      const queue = new QueueUnderTest(open);
      const expected = (await fill(queue)).map(({ id }) => id);
      const claimed: number[] = [];
      for (const limit of [1, 4, 15, 100]) {
        claimed.push(
          ...(await queue.claimedIds({ strategy: 'weighted_random', limit, capabilities: { region: 'us' } })),
        );
      }
      expect(claimed.sort((a, b) => a - b)).toEqual(expected);
    });

    test.each(ORDERED)('%s: a retried task keeps the place of its id once it is due', async (strategy) => {
      const queue = new QueueUnderTest(open);
      const ids = [await queue.enqueue(), await queue.enqueue(), await queue.enqueue()];
      const second = (await queue.claim({ limit: 3 })).find(({ id }) => id === ids[1]);
      for (const id of [ids[0], ids[2]]) await queue.tasks.cancel(id as number);
      for (const id of [ids[0], ids[2]]) await queue.tasks.retry(id as number);
      await queue.leases.fail(second as NonNullable<typeof second>, failure({ retryDelayMs: 1_000 }));
      queue.clock.advance(1_000);
      const expected = ids.map((id) => ({ id, priority: 100 })).sort(EXPECTED[strategy]);
      expect(await queue.claimedIds({ strategy, limit: 3 })).toEqual(expected.map(({ id }) => id));
    });

    test.each(ORDERED)('%s: a scheduled task takes the place of its id once it is due', async (strategy) => {
      const queue = new QueueUnderTest(open);
      const first = await queue.enqueue({ runAfter: queue.clock.now() + 10 });
      const second = await queue.enqueue();
      queue.clock.advance(10);
      const expected = [first, second].map((id) => ({ id, priority: 100 })).sort(EXPECTED[strategy]);
      expect(await queue.claimedIds({ strategy, limit: 2 })).toEqual(expected.map(({ id }) => id));
    });
  });
}
