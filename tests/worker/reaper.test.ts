import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { SqliteStorageOptions } from '../../src/app/open-sqlite-storage.js';
import { Reaper } from '../../src/maintenance/reaper.js';
import type { Storage } from '../../src/repositories/storage.js';
import { lockFile } from '../support/sqlite.js';
import { steppedQueue, type TestQueue } from '../support/test-queue.js';

const LEASE_MS = 60_000;
const HOUR_MS = 3_600_000;
const FULL_DISK = { writerThread: new URL('../support/full-disk-writer-thread.js', import.meta.url) };

/** A queue and a reaper that is stepped; time passes for both clocks, and the wall clock can be set. */
function reaped(options: Partial<SqliteStorageOptions> = {}) {
  const { queue, clock } = steppedQueue(options);
  let monotonic = 5_000_000;
  const newReaperOf = (storage: Storage) =>
    new Reaper(storage.repositories.leases, clock, queue.logger, () => monotonic);
  const newReaper = () => newReaperOf(queue.storage);
  return {
    queue,
    clock,
    newReaper,
    newReaperOf,
    reaper: newReaper(),
    pass(milliseconds: number) {
      clock.advance(milliseconds);
      monotonic += milliseconds;
    },
  };
}

/** Enqueues and claims one task, as a worker would that may die or live on. */
async function claimOne(queue: TestQueue, workerId: string, leaseMs = LEASE_MS) {
  await queue.enqueue();
  const [task] = await queue.storage.repositories.leases.claim({
    workerId,
    types: null,
    capabilities: {},
    limit: 1,
    leaseMs,
    strategy: 'priority',
  });
  return task!;
}

const statusOf = async (queue: TestQueue, id: number) => (await queue.find(id)).status;

test('an expired lease is taken back, not a moment before it ends', async () => {
  const { queue, reaper, pass } = reaped();
  const { id } = await claimOne(queue, 'dead');
  await reaper.tick();
  pass(LEASE_MS - 1);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('processing');
  pass(1);
  await reaper.tick();
  expect(await queue.find(id)).toMatchObject({
    status: 'queued',
    attempts: 1,
    errorMessage: 'Lease expired: worker dead stopped responding',
    lockedBy: null,
  });
});

test('after a full disk the living have time to renew and to settle, however late the reaper learns of room', async () => {
  const { queue, reaper, pass } = reaped(FULL_DISK);
  const { id, leaseToken } = await claimOne(queue, 'alive');
  await reaper.tick();
  pass(LEASE_MS);
  writeFileSync(`${queue.file}-full`, '');
  await reaper.tick();
  pass(LEASE_MS);
  await reaper.tick();
  rmSync(`${queue.file}-full`);
  pass(LEASE_MS);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('processing');
  await queue.storage.repositories.leases.complete({ id, leaseToken }, null);
  expect(await statusOf(queue, id)).toBe('completed');
});

test('after a full disk, what nobody renewed is taken back', async () => {
  const { queue, reaper, pass } = reaped(FULL_DISK);
  const { id } = await claimOne(queue, 'dead');
  writeFileSync(`${queue.file}-full`, '');
  pass(LEASE_MS);
  await reaper.tick();
  rmSync(`${queue.file}-full`);
  await reaper.tick();
  pass(LEASE_MS);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('queued');
});

test('it sleeps until the next lease ends, and a second at most', async () => {
  const { queue, reaper, pass } = reaped();
  expect(await reaper.tick()).toBe(1000);
  await claimOne(queue, 'dead');
  expect(await reaper.tick()).toBe(1000);
  pass(LEASE_MS - 300);
  expect(await reaper.tick()).toBe(300);
});

test('after its last attempt a task has failed', async () => {
  const { queue, reaper, pass } = reaped();
  await queue.enqueue({ maxAttempts: 1 });
  const [task] = await queue.storage.repositories.leases.claim({
    workerId: 'dead',
    types: null,
    capabilities: {},
    limit: 1,
    leaseMs: LEASE_MS,
    strategy: 'priority',
  });
  pass(LEASE_MS);
  await reaper.tick();
  expect(await queue.find(task!.id)).toMatchObject({
    status: 'failed',
    failureReason: 'lease_expired',
    lockedBy: 'dead',
  });
});

test('when the clock jumps forward, those that live renew before the dead are taken back', async () => {
  const { queue, clock, reaper, pass } = reaped();
  const [alive, dead] = [await claimOne(queue, 'alive'), await claimOne(queue, 'dead')];
  await reaper.tick();
  clock.advance(HOUR_MS);
  pass(1000);
  await reaper.tick();
  expect([await statusOf(queue, alive.id), await statusOf(queue, dead.id)]).toEqual([
    'processing',
    'processing',
  ]);
  // A worker may renew as late as just before its lease would have ended.
  pass(LEASE_MS - 1);
  await reaper.tick();
  expect(await statusOf(queue, dead.id)).toBe('processing');
  await queue.storage.repositories.leases.renew({ ...alive, leaseMs: null, progress: null });
  pass(1);
  await reaper.tick();
  expect([await statusOf(queue, alive.id), await statusOf(queue, dead.id)]).toEqual(['processing', 'queued']);
});

test('after the clock has jumped a short lease is not kept waiting for a long one', async () => {
  const { queue, clock, reaper, pass } = reaped();
  const [long, short] = [await claimOne(queue, 'slow'), await claimOne(queue, 'fast', 5_000)];
  await reaper.tick();
  clock.advance(HOUR_MS);
  expect(await reaper.tick()).toBe(1000);
  pass(5_000);
  await reaper.tick();
  expect([await statusOf(queue, long.id), await statusOf(queue, short.id)]).toEqual(['processing', 'queued']);
});

test('a lease that was taken after the jump ends as any other', async () => {
  const { queue, clock, reaper, pass } = reaped();
  await reaper.tick();
  clock.advance(HOUR_MS);
  await reaper.tick();
  const { id } = await claimOne(queue, 'dead', 5_000);
  pass(5_000);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('queued');
});

test('who was refused a heartbeat keeps the task, although the reaper had nothing to write meanwhile', async () => {
  const { queue, reaper, pass } = reaped(FULL_DISK);
  const { leases } = queue.storage.repositories;
  const { id, leaseToken } = await claimOne(queue, 'alive');
  await reaper.tick();
  pass(LEASE_MS - 2_000);
  writeFileSync(`${queue.file}-full`, '');
  await expect(leases.renew({ id, leaseToken, leaseMs: null, progress: null })).rejects.toMatchObject({
    code: 'STORAGE_FULL',
  });
  rmSync(`${queue.file}-full`);
  // Somebody else's small write passes before the reaper looks.
  await queue.enqueue();
  pass(2_000);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('processing');
  await leases.complete({ id, leaseToken }, null);
  expect(await statusOf(queue, id)).toBe('completed');
});

test('who was refused a heartbeat by one process keeps the task, whichever process has the reaper', async () => {
  const { queue, clock, pass, newReaperOf } = reaped();
  const refusing = queue.openStorage(FULL_DISK);
  const reaper = newReaperOf(queue.openStorage());
  const { id, leaseToken } = await claimOne(queue, 'alive');
  await reaper.tick();
  pass(LEASE_MS - 2_000);
  writeFileSync(`${queue.file}-full`, '');
  const renewal = { id, leaseToken, leaseMs: null, progress: null };
  await expect(refusing.repositories.leases.renew(renewal)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  rmSync(`${queue.file}-full`);
  pass(2_000);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('processing');
  expect(await refusing.repositories.leases.renew(renewal)).toBe(clock.now() + LEASE_MS);
  pass(LEASE_MS);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('queued');
});

test('time that passed for both clocks is no jump, however long it was', async () => {
  const { queue, reaper, pass } = reaped();
  const { id } = await claimOne(queue, 'dead');
  await reaper.tick();
  pass(HOUR_MS);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('queued');
});

test('when the clock is set back, a dead worker keeps its lease no longer than its length', async () => {
  const { queue, clock, reaper, pass } = reaped();
  const { id } = await claimOne(queue, 'dead');
  await reaper.tick();
  clock.advance(-HOUR_MS);
  await reaper.tick();
  expect((await queue.find(id)).leaseUntil).toBe(clock.now() + LEASE_MS);
  pass(LEASE_MS);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('queued');
});

test('a clock set back while nobody looked is noticed at the start', async () => {
  const { queue, clock, newReaper } = reaped();
  const ids = [(await claimOne(queue, 'dead')).id, (await claimOne(queue, 'dead')).id];
  clock.advance(-HOUR_MS);
  const fine = await claimOne(queue, 'alive');
  const before = await queue.find(fine.id);
  await newReaper().tick();
  for (const id of ids) expect((await queue.find(id)).leaseUntil).toBe(clock.now() + LEASE_MS);
  expect(await queue.find(fine.id)).toEqual(before);
});

test('a late settle is told that its lease expired, and who has the task now', async () => {
  const { queue, reaper, pass } = reaped();
  const { leases } = queue.storage.repositories;
  const task = await claimOne(queue, 'slow');
  pass(LEASE_MS);
  await reaper.tick();
  await expect(leases.complete(task, '1')).rejects.toMatchObject({
    code: 'LEASE_LOST',
    message: `The lease of task ${task.id} expired and the task was queued again`,
  });
  const [again] = await leases.claim({
    workerId: 'other',
    types: null,
    capabilities: {},
    limit: 1,
    leaseMs: LEASE_MS,
    strategy: 'priority',
  });
  await expect(leases.complete(task, '1')).rejects.toMatchObject({
    code: 'LEASE_LOST',
    message: `Task ${task.id} was taken by another worker (other)`,
  });
  expect(await leases.findLost([task])).toEqual([
    expect.objectContaining({ detail: `Task ${task.id} was taken by another worker (other)` }),
  ]);
  await leases.complete(again!, '2');
  expect(await queue.find(task.id)).toMatchObject({ status: 'completed', result: '2' });
});

test('taking back that had to wait is not done: those who live have waited as well', async () => {
  const { queue, pass, clock } = reaped();
  const { leases } = queue.storage.repositories;
  const { id } = await claimOne(queue, 'alive');
  pass(LEASE_MS);
  const reaping = leases.reap();
  clock.advance(1001);
  expect(await reaping).toBe(0);
  expect(await statusOf(queue, id)).toBe('processing');
  expect(await leases.reap()).toBe(1);
});

test.each([
  ['its first look', async () => undefined],
  ['taking back', (reaper: Reaper) => reaper.tick()],
])('when %s has to wait long for the lock, the reaper holds off', async (_, before) => {
  const { queue, reaper, pass } = reaped();
  await before(reaper);
  await claimOne(queue, 'dead');
  const { id } = await claimOne(queue, 'alive', LEASE_MS + 1002);
  pass(LEASE_MS);
  const unlock = lockFile(queue.file);
  const looking = reaper.tick();
  // Now its write waits for the lock.
  await new Promise((resolve) => setTimeout(resolve, 0));
  pass(1001);
  unlock();
  await looking;
  pass(1);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('processing');
  pass(6000);
  await reaper.tick();
  expect(await statusOf(queue, id)).toBe('queued');
});

test('started, it takes back by itself until it is stopped', async () => {
  const { queue, clock } = steppedQueue();
  const { leases } = queue.storage.repositories;
  const { id } = await claimOne(queue, 'dead');
  clock.advance(LEASE_MS);
  const reaper = new Reaper(leases, clock, queue.logger);
  reaper.start();
  await reaper.stop();
  expect(await statusOf(queue, id)).toBe('queued');
});
