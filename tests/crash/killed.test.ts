import { expect, test } from '@jest/globals';
import { MoodyQueue } from '../support/test-queue.js';

const misbehave = ({ attempts }: { attempts: number }) => ({ rescued: attempts });

test('a handler that exits the process has its attempt failed before the process is gone', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--lease-seconds', '1');
  const id = await queue.enqueueMood('exit');
  expect(await worker.exited).toEqual({ code: 3, signal: null });
  expect(await queue.find(id)).toMatchObject({ status: 'queued', attempts: 1 });
  await queue.rescuer({ misbehave });
  expect(await queue.reaches(id, 'completed')).toMatchObject({ attempts: 2 });
});

test('a task that kills its worker every time has failed in the end, and its log says who it took down', async () => {
  const queue = new MoodyQueue();
  await queue.rescuer({ nothing: () => null });
  const id = await queue.enqueueMood('kill', { maxAttempts: 3 });
  for (const name of ['first', 'second', 'third']) {
    const worker = await queue.process('--lease-seconds', '1', '--worker-id', name);
    expect(await worker.exited).toEqual({ code: null, signal: 'SIGKILL' });
  }
  expect(await queue.reaches(id, 'failed')).toMatchObject({
    failureReason: 'lease_expired',
    errorMessage: 'Lease expired: worker third stopped responding',
    attempts: 3,
    lockedBy: 'third',
  });
  const log = await queue.log(id);
  expect(log.filter((entry) => entry.startsWith('error'))).toEqual(
    ['first', 'second', 'third'].map((name) => `error Lease expired: worker ${name} stopped responding`),
  );
});
