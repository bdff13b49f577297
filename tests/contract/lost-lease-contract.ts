import { expect, test } from '@jest/globals';
import type { Lease } from '../../src/repositories/lease-repository.js';
import { failure, LEASE_MS, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

type Write = (queue: QueueUnderTest, lease: Lease) => Promise<unknown>;

/** Everything that a worker writes. */
const WRITES: Record<string, Write> = {
  complete: ({ leases }, lease) => leases.complete(lease, '"late"'),
  fail: ({ leases }, lease) => leases.fail(lease, failure({ errorMessage: 'late' })),
  release: ({ leases }, lease) => leases.release(lease),
  renew: ({ leases }, lease) =>
    leases.renew({ ...lease, leaseMs: null, progress: { percent: 1, message: 'late' } }),
  log: ({ storage }, lease) =>
    storage.repositories.logs.append(lease, [{ level: 'info', message: 'late', details: null }]),
};

const expire = async (queue: QueueUnderTest) => {
  queue.clock.advance(LEASE_MS);
  await queue.leases.reap();
};

/** What may befall the lease of task 1, and what its worker is told then. */
const LOSSES: [string, (queue: QueueUnderTest, lease: Lease) => Promise<unknown>, string][] = [
  ['cancelled', ({ tasks }, { id }) => tasks.cancel(id), 'Task 1 was cancelled'],
  ['expired', expire, 'The lease of task 1 expired and the task was queued again'],
  [
    'taken by another worker',
    async (queue) => {
      await expire(queue);
      await queue.claimOne({ workerId: 'worker-b' });
    },
    'Task 1 was taken by another worker (worker-b)',
  ],
  [
    'expired on the last attempt',
    async (queue) => {
      for (let attempt = 1; attempt < 5; attempt++) {
        await expire(queue);
        await queue.claimOne({ workerId: 'worker-b' });
      }
      await expire(queue);
    },
    'The lease of task 1 expired and it had no attempts left',
  ],
  [
    'finished by another worker',
    async (queue) => {
      await expire(queue);
      await queue.leases.complete(await queue.claimOne({ workerId: 'worker-b' }), null);
    },
    'Task 1 is finished; this lease is no longer held',
  ],
  [
    'settled by itself, with another outcome',
    ({ leases }, lease) => leases.fail(lease, failure({ errorMessage: 'in time' })),
    'The attempt of task 1 was already settled with another outcome',
  ],
];

export function describeLostLeases(open: OpenStorage): void {
  test.each(LOSSES)(
    'a lease that is lost, %s: no write changes anything, each says why',
    async (_, lose, detail) => {
      const queue = new QueueUnderTest(open);
      await queue.enqueue();
      const { id, leaseToken } = await queue.claimOne();
      await lose(queue, { id, leaseToken });
      const before = await queue.find(id);
      const log = await queue.log(id);
      for (const [name, write] of Object.entries(WRITES)) {
        const error = await write(queue, { id, leaseToken }).catch(({ code, message }) => ({
          code,
          message,
        }));
        expect({ name, error }).toEqual({ name, error: { code: 'LEASE_LOST', message: detail } });
      }
      expect(await queue.find(id)).toEqual(before);
      expect(await queue.log(id)).toEqual(log);
      const other = await queue.enqueue({ priority: 1 });
      const held = await queue.claimOne();
      expect(held.id).toBe(other);
      expect(await queue.leases.findLost([{ id, leaseToken }, held])).toEqual([{ id, leaseToken, detail }]);
    },
  );

  test('a token that was never given is refused, and changes nothing', async () => {
    const queue = new QueueUnderTest(open);
    await queue.enqueue();
    const { id } = await queue.claimOne();
    const before = await queue.find(id);
    for (const write of Object.values(WRITES)) {
      await expect(write(queue, { id, leaseToken: 'made up' })).rejects.toMatchObject({ code: 'LEASE_LOST' });
    }
    expect(await queue.find(id)).toEqual(before);
  });

  test('of a task that is not there, everything is TASK_NOT_FOUND', async () => {
    const queue = new QueueUnderTest(open);
    const lease = { id: 99, leaseToken: 'made up' };
    for (const write of Object.values(WRITES)) {
      await expect(write(queue, lease)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    }
    expect(await queue.leases.findLost([lease])).toEqual([{ ...lease, detail: 'Task 99 was deleted' }]);
  });
}
