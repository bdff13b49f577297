import { describe, expect, test } from '@jest/globals';
import { newTask, QueueUnderTest, seededRandom, type TaskWishes } from '../support/queue-under-test.js';
import { openInMemory } from '../support/sqlite.js';

/** With this many degrees of freedom, chance exceeds these values once in ten thousand times. */
const CHI_SQUARE_LIMIT: Record<number, number> = { 3: 21.11, 5: 25.74, 6: 27.86 };

/** How far counts are from what theory says of them. */
function chiSquare(counts: Map<string, number>, theory: Map<string, number>): number {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  for (const key of counts.keys()) if (!theory.has(key)) throw new Error(`Theory does not know ${key}`);
  return [...theory].reduce((sum, [key, probability]) => {
    const expected = probability * total;
    return sum + ((counts.get(key) ?? 0) - expected) ** 2 / expected;
  }, 0);
}

/** Claims again and again, each time giving everything back; counts what came, in its order. */
async function draw(wishes: TaskWishes[], limit: number, times: number): Promise<Map<string, number>> {
  const queue = new QueueUnderTest((clock) => openInMemory(clock, seededRandom(42)));
  await queue.tasks.enqueueMany(wishes.map(newTask));
  const counts = new Map<string, number>();
  for (let time = 0; time < times; time++) {
    const claimed = await queue.claim({ strategy: 'weighted_random', limit, capabilities: { gpu: true } });
    const key = claimed.map(({ id }) => id).join(' then ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
    for (const task of claimed) await queue.leases.release(task);
  }
  return counts;
}

/** The chance of each task, by its id, to be the next drawn from some: weight 1/(priority + 1). */
function chances(tasks: Map<number, number>): Map<number, number> {
  const weights = new Map([...tasks].map(([id, priority]) => [id, 1 / (priority + 1)]));
  const sum = [...weights.values()].reduce((a, b) => a + b, 0);
  return new Map([...weights].map(([id, weight]) => [id, weight / sum]));
}

const byId = (wishes: TaskWishes[]) =>
  new Map(wishes.map(({ priority = 100 }, at) => [at + 1, priority] as const));

const theoryOfOne = (wishes: TaskWishes[]) =>
  new Map([...chances(byId(wishes))].map(([id, chance]) => [String(id), chance]));

/** The chance of each pair, drawn one after the other without putting back. */
function theoryOfTwo(wishes: TaskWishes[]): Map<string, number> {
  const pairs = [...chances(byId(wishes))].flatMap(([first, chance]) => {
    const left = new Map([...byId(wishes)].filter(([id]) => id !== first));
    return [...chances(left)].map(([second, next]) => [`${first} then ${second}`, chance * next] as const);
  });
  return new Map(pairs);
}

describe('weighted_random', () => {
  test('draws each priority with weight 1/(priority + 1)', async () => {
    const wishes = [1, 3, 9, 49].map((priority) => ({ priority }));
    const counts = await draw(wishes, 1, 3_000);
    expect(chiSquare(counts, theoryOfOne(wishes))).toBeLessThan(CHI_SQUARE_LIMIT[3] as number);
  });

  test('gives tasks of one priority the same chance, whatever their types and demands and however many', async () => {
    const wishes: TaskWishes[] = [
      { priority: 5, type: 'mail' },
      { priority: 5, type: 'mail' },
      { priority: 5, type: 'mail' },
      { priority: 5, type: 'video' },
      { priority: 5, type: 'mail', compatibility: { gpu: true } },
      { priority: 11, type: 'mail' },
      { priority: 11, type: 'video' },
    ];
    const counts = await draw(wishes, 1, 3_500);
    expect(chiSquare(counts, theoryOfOne(wishes))).toBeLessThan(CHI_SQUARE_LIMIT[6] as number);
  });

  test('draws several without putting back', async () => {
    const wishes = [1, 3, 7].map((priority) => ({ priority }));
    const counts = await draw(wishes, 2, 3_000);
    expect(chiSquare(counts, theoryOfTwo(wishes))).toBeLessThan(CHI_SQUARE_LIMIT[5] as number);
  });

  test('the test would notice other weights', async () => {
    const drawn = await draw([{ priority: 1 }, { priority: 3 }, { priority: 9 }, { priority: 49 }], 1, 3_000);
    const uniform = new Map([1, 2, 3, 4].map((id) => [String(id), 0.25]));
    const withoutPlusOne = [1, 1 / 3, 1 / 9, 1 / 49];
    const sum = withoutPlusOne.reduce((a, b) => a + b);
    const steeper = new Map(withoutPlusOne.map((weight, at) => [String(at + 1), weight / sum]));
    for (const other of [uniform, steeper])
      expect(chiSquare(drawn, other)).toBeGreaterThan(CHI_SQUARE_LIMIT[3] as number);
  });

  test('costs no more where thousands are due', async () => {
    const queue = new QueueUnderTest((clock) => openInMemory(clock, seededRandom(42)));
    for (let batch = 0; batch < 3; batch++) {
      await queue.tasks.enqueueMany(Array.from({ length: 1000 }, () => newTask({ priority: 5 })));
    }
    const rare = await queue.enqueue({ priority: 1000 });
    const claimed = new Set<number>();
    while (claimed.size < 3_001) {
      for (const id of await queue.claimedIds({ strategy: 'weighted_random', limit: 200 })) claimed.add(id);
    }
    expect(claimed).toContain(rare);
  });
});
