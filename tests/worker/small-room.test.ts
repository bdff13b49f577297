import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Reaper } from '../../src/maintenance/reaper.js';
import { steppedQueue, type TestQueue } from '../support/test-queue.js';
import { eventually } from '../support/waiting.js';

const SMALL_ROOM = { writerThread: new URL('../support/small-room-writer-thread.js', import.meta.url) };

const NO_ROOM = 'The storage is full; nothing was stored';

const large = (queue: TestQueue) => queue.enqueue({ payload: { text: 'x'.repeat(60_000) } });

/** Resolves once a large write is refused; small ones are not. */
async function tighten(queue: TestQueue): Promise<void> {
  writeFileSync(`${queue.file}-tight`, '');
  await eventually(() =>
    large(queue).then(
      () => false,
      ({ code }) => code === 'STORAGE_FULL',
    ),
  );
}

const makeRoom = ({ file }: TestQueue): void => rmSync(`${file}-tight`);

test('who was refused a large write makes the storage unready, however many small ones are stored', async () => {
  const { queue } = steppedQueue(SMALL_ROOM);
  await tighten(queue);
  await queue.enqueue();
  expect(await queue.storage.check()).toEqual({ database: 'ok', writer: NO_ROOM });
  await queue.enqueue();
  expect((await queue.storage.check()).writer).toBe(NO_ROOM);
  makeRoom(queue);
  // Nobody writes: it finds out by itself.
  await eventually(async () => (await queue.storage.check()).writer === 'ok');
  await large(queue);
});

test('a process that was refused nothing is unready as well, and ready when it could write as much', async () => {
  const { queue } = steppedQueue(SMALL_ROOM);
  await tighten(queue);
  const other = queue.openStorage(SMALL_ROOM);
  expect((await other.check()).writer).toBe(NO_ROOM);
  makeRoom(queue);
  await eventually(async () => (await other.check()).writer === 'ok');
});

test('looking whether there is room takes no other write along', async () => {
  const { queue } = steppedQueue(SMALL_ROOM);
  await tighten(queue);
  for (let round = 0; round < 3; round++) {
    const [check, id] = await Promise.all([queue.storage.check(), queue.enqueue()]);
    expect(check.writer).toBe(NO_ROOM);
    expect((await queue.find(id)).status).toBe('queued');
  }
});

test('looking leaves nothing behind, neither in the file nor in the audit log', async () => {
  const { queue } = steppedQueue(SMALL_ROOM);
  await tighten(queue);
  makeRoom(queue);
  await eventually(async () => (await queue.storage.check()).writer === 'ok');
  expect((await queue.storage.repositories.auditLog.list({ limit: 10 })).entries).toEqual([]);
  const findings = await queue.storage.diagnose();
  expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
});

test('nothing is taken back while a write as large as the refused one would not be stored', async () => {
  const { queue, clock } = steppedQueue(SMALL_ROOM);
  const { leases } = queue.storage.repositories;
  let monotonic = 5_000_000;
  const pass = (milliseconds: number) => {
    clock.advance(milliseconds);
    monotonic += milliseconds;
  };
  const reaper = new Reaper(leases, clock, queue.logger, () => monotonic);
  await queue.enqueue({ type: 'held' });
  const [held] = await leases.claim({
    ...{ workerId: 'alive', types: ['held'], capabilities: {}, limit: 1, leaseMs: 60_000 },
    strategy: 'priority',
  });
  await reaper.tick();
  await tighten(queue);
  await queue.enqueue();
  pass(60_000);
  await reaper.tick();
  pass(60_000);
  await reaper.tick();
  expect((await queue.find(held!.id)).status).toBe('processing');
  makeRoom(queue);
  await eventually(async () => (await queue.storage.check()).writer === 'ok');
  await reaper.tick();
  pass(60_000);
  await reaper.tick();
  expect((await queue.find(held!.id)).status).toBe('queued');
});
