import { describe, expect, test } from '@jest/globals';
import { api, WAYS } from '../support/test-app.js';
import { collect } from '../support/waiting.js';

describe.each(WAYS)('%s', (_way, open) => {
  test('a watch tells how the task is, then each change, and ends with the task', async () => {
    const { queue, app } = await open();
    const id = await api.enqueue(app);
    const states = queue.watch(id);
    const next = async () => (await states.next()).value;
    expect(await next()).toMatchObject({ taskId: id, status: 'queued' });
    const [task] = await api.claim(app);
    expect(await next()).toMatchObject({ status: 'processing', attempts: 1 });
    await api.report(app, 'heartbeat', task, { progress: 40, progress_message: 'nearly' });
    expect(await next()).toMatchObject({ progress: 40, progressMessage: 'nearly' });
    await api.report(app, 'complete', task, { result: { sent_to: 'ada' } });
    expect(await next()).toMatchObject({ status: 'completed', result: { sent_to: 'ada' }, done: true });
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  test('a watch of a task that is done tells that and ends', async () => {
    const { queue } = await open();
    const { taskId } = await queue.enqueue({ type: 'a' });
    await queue.cancel(taskId);
    expect(await collect(queue.watch(taskId))).toMatchObject([{ status: 'failed' }]);
  });

  test('a watch of no task is refused', async () => {
    const { queue } = await open();
    await expect(collect(queue.watch(99))).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    await expect(collect(queue.watch(0))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('a watch can be called off, and left', async () => {
    const { queue } = await open();
    const { taskId } = await queue.enqueue({ type: 'a' });
    const off = new AbortController();
    const states = queue.watch(taskId, { signal: off.signal });
    await states.next();
    const next = states.next();
    off.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    expect(await collect(queue.watch(taskId), 1)).toMatchObject([{ status: 'queued' }]);
  });

  test('the feed tells every change since a cursor, and waits for the next', async () => {
    const { queue } = await open();
    await queue.enqueueMany([{ type: 'a' }, { type: 'b' }]);
    const all = await queue.changes();
    expect(all.changes.map(({ taskId }) => taskId)).toEqual([1, 2]);
    const waiting = queue.changes({ cursor: all.cursor, waitSeconds: 30 });
    await queue.cancel(1);
    const later = await waiting;
    expect(later.changes).toMatchObject([{ taskId: 1, status: 'failed' }]);
    expect(await queue.changes({ cursor: later.cursor })).toEqual({ changes: [], cursor: later.cursor });
    expect(await queue.changes({ cursor: 'now' })).toMatchObject({ changes: [] });
    await expect(queue.changes({ cursor: '999' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
  });

  test('the feed can be narrowed to types, statuses and tasks', async () => {
    const { queue } = await open();
    await queue.enqueueMany([{ type: 'a' }, { type: 'b' }, { type: 'b' }]);
    await queue.cancel(1);
    const ids = async (query: object) => (await queue.changes(query)).changes.map(({ taskId }) => taskId);
    expect(await ids({ type: 'b' })).toEqual([2, 3]);
    expect(await ids({ status: 'failed' })).toEqual([1]);
    expect(await ids({ ids: [3, 1] })).toEqual([3, 1]);
    expect(await ids({ ids: [2], status: 'failed' })).toEqual([]);
    await expect(queue.changes({ ids: [] })).rejects.toThrow(RangeError);
  });

  test('a feed that waits can be called off', async () => {
    const { queue } = await open();
    const off = new AbortController();
    const waiting = queue.changes({ waitSeconds: 30, signal: off.signal });
    setImmediate(() => off.abort(new Error('enough')));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('events tell every change from now on, and where to go on', async () => {
    const { queue } = await open();
    await queue.enqueue({ type: 'before' });
    const connected: boolean[] = [];
    const { cursor } = await queue.changes({ cursor: 'now' });
    const events = queue.events({ cursor, onConnection: (isConnected) => connected.push(isConnected) });
    const first = events.next();
    await queue.enqueue({ type: 'a' });
    expect((await first).value).toMatchObject({ task: { taskId: 2, type: 'a' } });
    expect(connected).toEqual([true]);
    await queue.cancel(1);
    const second = (await events.next()).value;
    expect(second).toMatchObject({ task: { taskId: 1, status: 'failed' } });
    await events.return(undefined);

    const resumed = queue.events({ cursor: String(Number(second?.cursor) - 1), ids: [1] });
    expect((await resumed.next()).value).toEqual(second);
    await resumed.return(undefined);
  });
});
