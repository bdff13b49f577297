import { expect, test } from '@jest/globals';
import { MoodyQueue } from '../support/test-queue.js';
import { eventually } from '../support/waiting.js';

const nobody = { nothing: () => null };

test('a handler that keeps the CPU busy for longer than its lease keeps the lease', async () => {
  const queue = new MoodyQueue();
  await queue.rescuer(nobody);
  await queue.process('--lease-seconds', '1');
  const id = await queue.enqueueMood('busy');
  await queue.started(id);
  const { leaseUntil } = await queue.find(id);
  // More than two leases after the claim it is still held.
  await eventually(async () => (await queue.find(id)).leaseUntil! > leaseUntil! + 2000);
  expect(await queue.find(id)).toMatchObject({ status: 'processing', attempts: 1 });
  queue.release();
  expect(await queue.reaches(id, 'completed')).toMatchObject({ attempts: 1, result: '{"attempts":1}' });
  expect(queue.trace()).toEqual([`${id} 1 started`]);
});

test('an endless loop is bounded by its timeout, though its process never yields', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--lease-seconds', '1');
  const id = await queue.enqueueMood('loop', { type: 'impatient' });
  const task = await queue.reaches(id, 'failed');
  expect(task).toMatchObject({
    failureReason: 'timeout',
    attempts: 1,
    errorMessage: 'Timed out, and its handler did not return',
  });
  expect(await queue.log(id)).toContain('error Timed out, and its handler did not return');
  // It is still at it, and cannot settle what it no longer holds.
  expect(() => process.kill(worker.pid, 0)).not.toThrow();
});
