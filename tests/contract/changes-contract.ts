import { describe, expect, test } from '@jest/globals';
import type { StoredTask } from '../../src/core/task.js';
import type { Change } from '../../src/repositories/change-repository.js';
import { readChanges } from '../../src/services/read-changes.js';
import {
  failure,
  LEASE_MS,
  newTask,
  type OpenStorage,
  QueueUnderTest,
  seededRandom,
} from '../support/queue-under-test.js';

/** Reads on from a revision to the end, in pages. */
async function readOn(
  queue: QueueUnderTest,
  after: number,
  limit = 1000,
  wants?: (change: Change) => boolean,
) {
  const tasks: StoredTask[] = [];
  for (let revision = after; ; ) {
    const page = await readChanges(queue.changes, {
      after: revision,
      limit,
      ...(wants && { filter: wants }),
    });
    expect(page.tasks.length).toBeLessThanOrEqual(limit);
    expect(page.revision).toBeGreaterThanOrEqual(page.tasks.at(-1)?.revision ?? revision);
    tasks.push(...page.tasks);
    revision = page.revision;
    if (page.isLast) return { tasks, revision };
  }
}

/** Everything that changes a task, each in turn on one. */
const CHANGES: [string, (queue: QueueUnderTest, id: number) => Promise<unknown>][] = [
  ['claim', (queue) => queue.claim()],
  [
    'renew',
    async (queue, id) => {
      await queue.enqueue({ priority: 1 });
      const lease = await queue.claimOne();
      await queue.leases.renew({ ...lease, leaseMs: null, progress: { percent: 5, message: null } });
      return id;
    },
  ],
  ['complete', async (queue) => queue.leases.complete(await queue.claimOne(), '1')],
  ['fail', async (queue) => queue.leases.fail(await queue.claimOne(), failure())],
  [
    'fail for good',
    async (queue) => queue.leases.fail(await queue.claimOne(), failure({ retryDelayMs: null })),
  ],
  ['release', async (queue) => queue.leases.release(await queue.claimOne())],
  ['cancel', (queue, id) => queue.tasks.cancel(id)],
  [
    'retry',
    async (queue, id) => {
      await queue.tasks.cancel(id);
      await queue.tasks.retry(id);
    },
  ],
  [
    'reap',
    async (queue) => {
      await queue.claim();
      queue.clock.advance(LEASE_MS);
      await queue.leases.reap();
    },
  ],
];

/** One random thing that somebody does to the queue. */
async function act(queue: QueueUnderTest, random: () => number, ids: number[]): Promise<void> {
  const id = ids[Math.floor(random() * ids.length)] as number;
  const [task] = random() < 0.5 ? await queue.claim({ strategy: 'fifo' }) : [];
  const dice = random();
  if (task && dice < 0.4) await queue.leases.complete(task, null);
  else if (task && dice < 0.8) await queue.leases.fail(task, failure());
  else if (dice < 0.5) await queue.tasks.cancel(id);
  else await queue.tasks.retry(id).catch(() => undefined);
}

export function describeChanges(open: OpenStorage): void {
  describe('changes', () => {
    test('an empty queue has none', async () => {
      const queue = new QueueUnderTest(open);
      const latest = await queue.changes.horizon();
      expect(await readChanges(queue.changes, { after: 0, limit: 10 })).toEqual({
        tasks: [],
        revision: 0,
        isLast: true,
      });
      await queue.enqueue();
      expect(await queue.changes.horizon()).toBeGreaterThan(latest);
    });

    test.each(CHANGES)('%s is one: the task comes last, as it is now', async (_name, change) => {
      const queue = new QueueUnderTest(open);
      const id = await queue.enqueue();
      await queue.tasks.enqueueMany([newTask(), newTask()]);
      const before = await queue.changes.horizon();
      await change(queue, id);
      const { tasks } = await readOn(queue, before);
      expect(tasks.length).toBeGreaterThan(0);
      for (const task of tasks) expect(task).toEqual(await queue.find(task.id));
      const all = await readOn(queue, 0);
      expect(all.tasks.at(-1)).toEqual(tasks.at(-1));
      expect(await queue.changes.horizon()).toBeGreaterThanOrEqual(all.revision);
    });

    test('whatever happens, whoever reads on from where it was has each task as it is, in order', async () => {
      const queue = new QueueUnderTest(open);
      const random = seededRandom(7);
      const ids = (await queue.tasks.enqueueMany(Array.from({ length: 20 }, () => newTask()))).map(
        ({ id }) => id,
      );
      const seen = new Map<number, StoredTask>();
      let revision = 0;
      for (let round = 0; round < 40; round++) {
        for (let step = 0; step < 5; step++) await act(queue, random, ids);
        const news = await readOn(queue, revision, 1 + Math.floor(random() * 7));
        const revisions = news.tasks.map((task) => task.revision);
        expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
        expect(revisions[0] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(revision);
        for (const task of news.tasks) seen.set(task.id, task);
        revision = news.revision;
      }
      expect(ids.map((id) => seen.get(id))).toEqual(await queue.tasks.findMany(ids));
    });

    test('a filter finds what it wants, and looks at no more than a thousand changes at once', async () => {
      const queue = new QueueUnderTest(open);
      await queue.tasks.enqueueMany(Array.from({ length: 2500 }, () => newTask()));
      const id = await queue.enqueue({ type: 'rare' });
      let looked = 0;
      const wants = ({ type, status }: Change) => ++looked > 0 && type === 'rare' && status === 'queued';
      const first = await readChanges(queue.changes, { after: 0, limit: 10, filter: wants });
      expect(first).toMatchObject({ tasks: [], isLast: false });
      expect(looked).toBeLessThanOrEqual(1000);
      expect(first.revision).toBeGreaterThan(0);
      expect((await readOn(queue, 0, 10, wants)).tasks).toEqual([await queue.find(id)]);
      await queue.tasks.cancel(id);
      expect((await readOn(queue, 0, 10, wants)).tasks).toEqual([]);
    });

    test('a page that is cut off at the limit goes on where it was cut', async () => {
      const queue = new QueueUnderTest(open);
      const ids = (await queue.tasks.enqueueMany(Array.from({ length: 7 }, () => newTask()))).map(
        ({ id }) => id,
      );
      const odd = ({ id }: Change) => id % 2 === 1;
      const wanted = ids.filter((id) => id % 2 === 1);
      for (const limit of [1, 2, 3, 4, 5]) {
        expect((await readOn(queue, 0, limit)).tasks.map(({ id }) => id)).toEqual(ids);
        expect((await readOn(queue, 0, limit, odd)).tasks.map(({ id }) => id)).toEqual(wanted);
      }
    });
  });
}
