import { expect, test } from '@jest/globals';
import { MoodyQueue } from '../support/moody-queue.js';

const misbehave = ({ attempts }: { attempts: number }) => ({ rescued: attempts });

test('after kill -9 all that the worker held runs elsewhere within lease and two seconds', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--lease-seconds', '2', '--concurrency', '20');
  const ids = [];
  for (let n = 0; n < 20; n++) ids.push(await queue.enqueueMood('hang-once'));
  for (const id of ids) await queue.started(id);
  await queue.rescuer({ misbehave }, { concurrency: 20 });
  worker.kill('SIGKILL');
  expect(await worker.exited).toBe('SIGKILL');
  const deadline = Date.now() + 2000 + 2000;
  for (const id of ids) {
    expect(await queue.reaches(id, 'completed', deadline - Date.now())).toMatchObject({
      attempts: 2,
      lockedBy: 'rescuer',
      result: '{"rescued":2}',
    });
  }
});

test('a worker that exits in the middle of a handler costs an attempt', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--lease-seconds', '1');
  const id = await queue.enqueueMood('exit');
  expect(await worker.exited).toBe(3);
  expect(await queue.find(id)).toMatchObject({ status: 'processing', attempts: 1 });
  await queue.rescuer({ misbehave });
  expect(await queue.reaches(id, 'completed')).toMatchObject({ attempts: 2 });
});

test('a task that kills its worker every time has failed in the end, and its log says who it took down', async () => {
  const queue = new MoodyQueue();
  await queue.rescuer({ nothing: () => null });
  const id = await queue.enqueueMood('kill', { maxAttempts: 3 });
  for (const name of ['first', 'second', 'third']) {
    const worker = await queue.process('--lease-seconds', '1', '--worker-id', name);
    expect(await worker.exited).toBe('SIGKILL');
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
