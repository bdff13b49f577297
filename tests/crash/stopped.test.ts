import { expect, test } from '@jest/globals';
import { halt } from '../support/sqlite.js';
import { MoodyQueue } from '../support/test-queue.js';
import { eventually } from '../support/waiting.js';

test('a worker that was stopped past its lease and wakes settles nothing, and its handlers are told', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--lease-seconds', '1', '--worker-id', 'sleeper');
  const waiting = await queue.enqueueMood('hang');
  await queue.started(waiting);
  // Busy, so that its late settle is under way before its process can hear of anything.
  const busy = await queue.enqueueMood('busy');
  await queue.started(busy);
  await halt(worker, queue.file);
  await queue.rescuer({ misbehave: () => 'rescued' });
  const rescued = [await queue.reaches(waiting, 'completed'), await queue.reaches(busy, 'completed')];
  queue.release();
  worker.signal('SIGCONT');
  await worker.says(/the outcome of an attempt was not accepted/);
  await eventually(() => queue.trace().some((line) => line.startsWith(`${waiting} 1 aborted lost`)));
  for (const before of rescued) {
    expect(before).toMatchObject({ attempts: 2, lockedBy: 'rescuer', result: '"rescued"' });
    expect(await queue.find(before.id)).toEqual(before);
    const log = await queue.log(before.id);
    expect(log.filter((entry) => entry === 'info Completed')).toHaveLength(1);
  }
});

test('it goes on working afterwards', async () => {
  const queue = new MoodyQueue();
  const worker = await queue.process('--lease-seconds', '1');
  const held = await queue.enqueueMood('hang-once');
  await queue.started(held);
  await halt(worker, queue.file);
  const rescuer = await queue.rescuer({ misbehave: () => 'rescued' });
  await queue.reaches(held, 'completed');
  await rescuer.stop();
  const next = await queue.enqueueMood('ok');
  worker.signal('SIGCONT');
  expect(await queue.reaches(next, 'completed')).toMatchObject({ attempts: 1, result: '{"attempts":1}' });
});
