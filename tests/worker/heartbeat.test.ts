import { rmSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/index.js';
import { TestQueue } from '../support/test-queue.js';
import { eventually, Gate } from '../support/waiting.js';

const FULL_DISK = { writerThread: new URL('../support/full-disk-writer-thread.js', import.meta.url) };

test('heartbeats that fail are logged once, and again after one has gone through', async () => {
  const queue = new TestQueue({ clock: systemClock, ...FULL_DISK });
  const full = `${queue.file}-full`;
  const said = (text: string) => queue.logger.messages.filter((message) => message.startsWith(text)).length;
  const worker = queue.worker({ work: async () => null }, { leaseSeconds: 1, pollSeconds: 3600 });
  await worker.start();
  for (let streak = 1; streak <= 2; streak++) {
    writeFileSync(full, '');
    await eventually(() => said('a heartbeat failed') === streak);
    rmSync(full);
    await eventually(() => said('heartbeats succeed again') === streak);
  }
  expect([said('a heartbeat failed'), said('heartbeats succeed again')]).toEqual([2, 2]);
  expect(queue.logger.lines.find(({ msg }) => msg.startsWith('a heartbeat failed'))).toMatchObject({
    level: 50,
    worker: 'worker-a',
  });
});

test('heartbeats of a worker in this process renew its leases and change nothing else', async () => {
  const queue = new TestQueue({ clock: systemClock });
  const started = new Gate();
  const end = new Gate();
  const worker = queue.worker(
    {
      work: () => {
        started.open();
        return end.passed;
      },
    },
    { leaseSeconds: 1, pollSeconds: 3600 },
  );
  await worker.start();
  const id = await queue.enqueue();
  await started.passed;
  const { leaseUntil, ...before } = await queue.find(id);
  const { changes } = queue.storage.repositories;
  const revision = await changes.horizon();
  let renewals = 0;
  for (let last = leaseUntil; renewals < 3; ) {
    const now = await queue.find(id);
    if (now.leaseUntil !== last) renewals++;
    last = now.leaseUntil;
    expect({ ...now, leaseUntil: undefined }).toEqual({ ...before, leaseUntil: undefined });
  }
  expect(await changes.horizon()).toBe(revision);
  end.open();
  await worker.stop();
});
