import { describe, expect, test } from '@jest/globals';
import { TaskCancelled, TaskFailed, WaitTimeout } from '../../src/client/index.js';
import { createApp, createQueue, createWorker } from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';
import { ReadersProject } from '../support/documentation.js';
import { api, WAYS } from '../support/test-app.js';
import { eventually } from '../support/waiting.js';

describe.each(WAYS)('%s', (_way, open) => {
  test('a wait resolves to the completed task, and tells its progress meanwhile', async () => {
    const { queue, app } = await open();
    const id = await api.enqueue(app);
    const seen: (number | null)[] = [];
    const waiting = queue.waitFor(id, { onProgress: ({ progress }) => seen.push(progress) });
    await eventually(() => seen.length === 1);
    const [task] = await api.claim(app);
    await api.report(app, 'heartbeat', task, { progress: 50 });
    await eventually(() => seen.includes(50));
    await api.report(app, 'complete', task, { result: 42 });
    expect(await waiting).toMatchObject({ taskId: id, status: 'completed', result: 42 });
    expect(seen.at(-1)).toBe(100);
  });

  test('a wait for a task that is done resolves at once', async () => {
    const { queue, app } = await open({ handlers: { mail: () => 'sent' } });
    const id = await api.enqueue(app);
    await app.app.worker.runOnce();
    expect(await queue.waitFor(id)).toMatchObject({ result: 'sent' });
  });

  test('a wait rejects when the task has failed, saying why', async () => {
    const { queue, app } = await open();
    const id = await api.enqueue(app);
    const waiting = queue.waitFor(id).catch((thrown) => thrown);
    const [task] = await api.claim(app);
    await api.report(app, 'fail', task, { error_message: 'no route to host', retry: false });
    const error = await waiting;
    expect(error).toBeInstanceOf(TaskFailed);
    expect(error).not.toBeInstanceOf(TaskCancelled);
    expect(error).toMatchObject({
      name: 'TaskFailed',
      taskId: id,
      reason: 'rejected',
      message: `Task ${id} (mail) failed (rejected): no route to host`,
      task: { status: 'failed', attempts: 1 },
    });
  });

  test('a wait rejects when the task was cancelled', async () => {
    const { queue } = await open();
    const { taskId } = await queue.enqueue({ type: 'a' });
    const waiting = queue.waitFor(taskId).catch((thrown) => thrown);
    await queue.cancel(taskId);
    const error = await waiting;
    expect(error).toBeInstanceOf(TaskCancelled);
    expect(error).toMatchObject({ name: 'TaskCancelled', taskId, reason: 'cancelled' });
  });

  test('a wait rejects when its time is over; the task goes on', async () => {
    const { queue } = await open();
    const { taskId } = await queue.enqueue({ type: 'a' });
    const error = await queue.waitFor(taskId, { timeout: 30 }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(WaitTimeout);
    expect(error).toMatchObject({ taskId, timeout: 30, message: 'Task 1 was not done within 30 ms' });
    expect(await queue.get(taskId)).toMatchObject({ status: 'queued' });
    await expect(queue.waitFor(taskId, { timeout: Number.NaN })).rejects.toThrow(TypeError);
  });

  test('a wait can be called off', async () => {
    const { queue } = await open();
    const { taskId } = await queue.enqueue({ type: 'a' });
    const off = new AbortController();
    const waiting = queue.waitFor(taskId, { signal: off.signal, onProgress: () => off.abort('enough') });
    await expect(waiting).rejects.toBe('enough');
  });

  test('a wait for no task is refused', async () => {
    const { queue } = await open();
    await expect(queue.waitFor(99)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  test('many waits each learn of their own task, also those for one task and for none', async () => {
    const { queue, app } = await open({ handlers: { double: ({ payload }) => Number(payload.n) * 2 } });
    const tasks = Array.from({ length: 20 }, (_, n) => ({ type: 'double', payload: { n } }));
    const ids = (await queue.enqueueMany(tasks)).map(({ taskId }) => taskId);
    const waits = [...ids, ...ids].map((id) => queue.waitFor(id));
    const refused = queue.waitFor(99).catch((error) => error.code);
    const impossible = queue.waitFor(-1).catch((error) => error.code);
    const signal = AbortSignal.abort('no longer');
    await expect(queue.waitFor(ids[0] as number, { signal })).rejects.toBe('no longer');
    const late = queue.waitFor(ids[0] as number, { timeout: 1 }).catch((error) => error.name);
    expect(await late).toBe('WaitTimeout');
    expect(await refused).toBe('TASK_NOT_FOUND');
    expect(await impossible).toBe('VALIDATION_FAILED');
    await app.app.worker.runOnce();
    await app.app.worker.runOnce();
    const results = (await Promise.all(waits)).map(({ result }) => result);
    expect(results).toEqual([...tasks, ...tasks].map(({ payload }) => payload.n * 2));
  });
});

test('closing the queue ends its waits', async () => {
  const queue = createQueue({ database: ':memory:' });
  const { taskId } = await queue.enqueue({ type: 'a' });
  const waiting = queue.waitFor(taskId).catch((error) => error.message);
  const next = queue.events().next();
  const refused = next.catch((error) => error.message);
  await new Promise(setImmediate);
  await queue.close();
  expect(await waiting).toBe('The queue is closed');
  expect(await refused).toBe('The queue is closed');
  await expect(queue.stats()).rejects.toThrow('The queue is closed');
});

test('an app has a queue of its own, which ends with it', async () => {
  const app = createApp({
    database: ':memory:',
    handlers: { greet: ({ payload }) => `Hello, ${payload.name}` },
  });
  const { taskId } = await app.queue.enqueue({ type: 'greet', payload: { name: 'Ada' } });
  const waiting = app.queue.waitFor(taskId);
  await app.worker.runOnce();
  expect(await waiting).toMatchObject({ result: 'Hello, Ada' });
  await app.stop();
  await expect(app.queue.get(taskId)).rejects.toThrow('The queue is closed');
});

test('a wait on the file keeps its program running, and lets it end after it', async () => {
  const project = new ReadersProject();
  const { database } = project;
  const worker = createWorker({ database, handlers: { greet: () => 'hello' } });
  onTestEnd(() => worker.stop());
  const script = `
    import { createQueue } from 'spoolite';
    const queue = createQueue({ database: ${JSON.stringify(database)} });
    const { taskId } = await queue.enqueue({ type: 'greet' });
    console.log('enqueued');
    console.log((await queue.waitFor(taskId)).result);
    await queue.close();
  `;
  project.write('wait.js', script);
  const program = project.start('node wait.js');
  await program.says(/enqueued/);
  await worker.runOnce();
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(program.output).toBe('enqueued\nhello\n');
});
