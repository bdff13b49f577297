import { describe, expect, test } from '@jest/globals';
import type { LostLease } from '../../src/repositories/lease-repository.js';
import type { WorkerInstance, WorkerRegistration } from '../../src/repositories/worker-repository.js';
import { onTestEnd } from '../support/cleanup.js';
import { LEASE_MS, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';
import { eventually } from '../support/waiting.js';

const registration = (id: string, wishes: Partial<WorkerRegistration> = {}): WorkerRegistration => ({
  id,
  host: 'here',
  pid: 4711,
  version: '1.2.3',
  types: ['mail'],
  capabilities: { region: ['us', 'eu'] },
  slots: 10,
  staleMs: 60_000,
  ...wishes,
});

const DAY_MS = 24 * 3600 * 1000;

/** A queue in which worker-a lives, its heartbeat beating fast; `lost` fills as it is told. */
async function beating(open: OpenStorage) {
  const queue = new QueueUnderTest(open);
  const { workers } = queue.storage.repositories;
  await workers.register(registration('worker-a'));
  const lost: LostLease[] = [];
  const others: WorkerInstance[] = [];
  const end = workers.keepAlive(registration('worker-a'), 5, {
    onBeat: (leases) => void lost.push(...leases),
    onNamesake: (other) => others.push(other),
    onFailure: (error) => expect(error).toBeUndefined(),
  });
  onTestEnd(end);
  /** Moves the clock, and lets the storage know: with a clock of ours it learns the time from requests. */
  const advance = async (milliseconds: number) => {
    queue.clock.advance(milliseconds);
    await queue.enqueue({ type: 'tick' });
  };
  return { queue, workers, lost, others, end, advance };
}

export function describeWorkers(open: OpenStorage): void {
  describe('list of workers', () => {
    test('has what they said of themselves and what they hold, newest first', async () => {
      const queue = new QueueUnderTest(open);
      const { workers } = queue.storage.repositories;
      const startedAt = queue.clock.now();
      await workers.register(registration('worker-a'));
      await workers.register(registration('worker-b', { host: null, pid: null, version: null, types: null }));
      for (let count = 0; count < 3; count++) await queue.enqueue();
      const [first, , third] = await queue.claim({ limit: 3 });
      await queue.leases.complete(first as NonNullable<typeof first>, null);
      queue.clock.advance(500);
      expect(await workers.list()).toEqual([
        {
          ...registration('worker-b', { host: null, pid: null, version: null, types: null }),
          startedAt,
          lastHeartbeat: startedAt,
          live: true,
          overdue: 0,
          heldTaskIds: [],
        },
        {
          ...registration('worker-a'),
          startedAt,
          lastHeartbeat: startedAt,
          live: true,
          overdue: 0,
          heldTaskIds: [2, third?.id],
        },
      ]);
    });

    test('who is silent for too long is not live, and after a day is forgotten', async () => {
      const queue = new QueueUnderTest(open);
      const { workers } = queue.storage.repositories;
      const live = async () => (await workers.list()).map((worker) => [worker.id, worker.live]);
      await workers.register(registration('worker-a'));
      queue.clock.advance(60_000);
      expect(await live()).toEqual([['worker-a', true]]);
      queue.clock.advance(1);
      expect(await live()).toEqual([['worker-a', false]]);
      queue.clock.advance(DAY_MS - 60_001);
      await workers.register(registration('worker-b'));
      expect(await live()).toEqual([
        ['worker-b', true],
        ['worker-a', false],
      ]);
      queue.clock.advance(1);
      await workers.register(registration('worker-b'));
      expect(await live()).toEqual([['worker-b', true]]);
    });

    test('who registers again is renewed, and keeps when it started', async () => {
      const queue = new QueueUnderTest(open);
      const { workers } = queue.storage.repositories;
      await workers.register(registration('worker-a'));
      const startedAt = queue.clock.now();
      queue.clock.advance(5_000);
      await workers.register(registration('worker-a', { slots: 3, types: ['video'] }));
      expect(await workers.list()).toEqual([
        {
          ...registration('worker-a', { slots: 3, types: ['video'] }),
          startedAt,
          lastHeartbeat: queue.clock.now(),
          live: true,
          overdue: 0,
          heldTaskIds: [],
        },
      ]);
    });

    test('who unregisters is gone', async () => {
      const queue = new QueueUnderTest(open);
      const { workers } = queue.storage.repositories;
      await workers.register(registration('worker-a'));
      await workers.unregister(registration('worker-a'));
      await workers.unregister(registration('worker-a'));
      expect(await workers.list()).toEqual([]);
    });

    test('who unregisters takes only its own entry away', async () => {
      const queue = new QueueUnderTest(open);
      const { workers } = queue.storage.repositories;
      await workers.register(registration('worker-a'));
      queue.clock.advance(1_000);
      await workers.register(registration('worker-a', { pid: 4712 }));
      await workers.unregister(registration('worker-a'));
      await workers.unregister(registration('worker-a', { host: 'there', pid: 4712 }));
      expect(await workers.list()).toMatchObject([
        { id: 'worker-a', pid: 4712, startedAt: queue.clock.now(), live: true },
      ]);
      await workers.unregister(registration('worker-a', { pid: 4712 }));
      expect(await workers.list()).toEqual([]);
    });
  });

  describe('heartbeat', () => {
    test('says that the worker lives, and renews what it claimed with a time limit', async () => {
      const { queue, workers, lost, advance } = await beating(open);
      await queue.enqueue();
      const kept = await queue.claimOne({ timeoutMs: { mail: null } });
      await queue.enqueue();
      const own = await queue.claimOne();
      await advance(10_000);
      const now = queue.clock.now();
      await eventually(async () => (await queue.find(kept.id)).leaseUntil === now + LEASE_MS);
      await eventually(async () => (await workers.list())[0]?.lastHeartbeat === now);
      expect((await queue.find(own.id)).leaseUntil).toBe(own.leaseUntil);
      expect(lost).toEqual([]);
    });

    test('hands over what was lost, once', async () => {
      const { queue, lost, advance } = await beating(open);
      await queue.enqueue();
      const { id, leaseToken } = await queue.claimOne({ timeoutMs: { mail: null } });
      await queue.tasks.cancel(id);
      await eventually(() => lost.length > 0);
      await queue.enqueue();
      const next = await queue.claimOne({ timeoutMs: { mail: null }, types: ['mail'] });
      await advance(1_000);
      await eventually(async () => (await queue.find(next.id)).leaseUntil !== next.leaseUntil);
      expect(lost).toEqual([{ id, leaseToken, detail: `Task ${id} was cancelled` }]);
    });

    test('leaves alone what is settled', async () => {
      const { queue, lost, advance } = await beating(open);
      const ids = [
        await queue.enqueue(),
        await queue.enqueue(),
        await queue.enqueue(),
        await queue.enqueue(),
      ];
      const claimed = await queue.claim({ limit: 4, timeoutMs: { mail: null } });
      const [completed, failed, released, kept] = claimed as [(typeof claimed)[0], ...typeof claimed];
      await queue.leases.complete(completed, null);
      await queue.leases.fail(failed as typeof completed, {
        errorMessage: 'x',
        reason: 'error',
        retryDelayMs: null,
      });
      await queue.leases.release(released as typeof completed);
      await advance(1_000);
      await eventually(async () => (await queue.find(ids[3] as number)).leaseUntil !== kept?.leaseUntil);
      expect(lost).toEqual([]);
    });

    test('fails an attempt whose time has been over for a while, and leaves one that has time', async () => {
      const { queue, lost } = await beating(open);
      const id = await queue.enqueue({ maxAttempts: 2 });
      await queue.enqueue({ type: 'video' });
      const [over] = await queue.claim({ limit: 2, timeoutMs: { mail: -10_000, video: 3_600_000 } });
      await eventually(() => lost.length > 0);
      expect(await queue.find(id)).toMatchObject({
        status: 'failed',
        failureReason: 'timeout',
        errorMessage: 'Timed out, and its handler did not return',
      });
      expect(await queue.stats()).toMatchObject({ processing: 1, failed: 1 });
      expect(lost).toEqual([{ id, leaseToken: over?.leaseToken, detail: expect.any(String) }]);
    });

    test('puts a worker back on the list whose entry is gone', async () => {
      const { queue, workers } = await beating(open);
      await workers.register(registration('worker-a', { pid: 4712 }));
      await workers.unregister(registration('worker-a', { pid: 4712 }));
      await eventually(async () => (await workers.list()).length > 0);
      expect(await workers.list()).toMatchObject([
        { ...registration('worker-a'), lastHeartbeat: queue.clock.now(), live: true },
      ]);
    });

    test('leaves the entry to another worker of that id while it lives, and says who that is', async () => {
      const { workers, others, advance } = await beating(open);
      await workers.register(registration('worker-a', { pid: 4712 }));
      await eventually(() => others.length > 0);
      expect(others[0]).toEqual({ host: 'here', pid: 4712 });
      expect(await workers.list()).toMatchObject([{ pid: 4712 }]);
      await advance(60_001);
      await eventually(async () => (await workers.list())[0]?.pid === 4711);
      expect(await workers.list()).toMatchObject([{ ...registration('worker-a'), live: true }]);
    });

    test('ends when told to', async () => {
      const { queue, workers, end, advance } = await beating(open);
      end();
      await advance(1_000);
      const before = (await workers.list())[0]?.lastHeartbeat;
      // Another worker's heartbeat has come: this one's would have, too.
      await workers.register(registration('worker-b'));
      onTestEnd(
        workers.keepAlive(registration('worker-b'), 5, {
          onBeat: () => {},
          onNamesake: () => {},
          onFailure: () => {},
        }),
      );
      await advance(1_000);
      const now = queue.clock.now();
      await eventually(async () => (await workers.list())[0]?.lastHeartbeat === now);
      expect((await workers.list())[1]?.lastHeartbeat).toBe(before);
    });
  });
}
