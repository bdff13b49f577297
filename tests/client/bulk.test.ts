import { describe, expect, test } from '@jest/globals';
import type { SpooliteClient } from '../../src/client/index.js';
import { WAYS } from '../support/test-app.js';

describe.each(WAYS)('%s', (_way, open) => {
  test('tasks that match are counted, cancelled, tried again and deleted', async () => {
    const { queue } = await open();
    await queue.enqueueMany(Array.from({ length: 450 }, () => ({ type: 'mail' })));
    await queue.enqueue({ type: 'fax' });
    const mails = { type: 'mail' };
    expect(await queue.countMatching('cancel', { all: true })).toBe(451);
    expect(await queue.countMatching('cancel', mails)).toBe(450);
    const said: number[] = [];
    const onProgress = (done: number) => void said.push(done);
    expect(await queue.cancelMany(mails, { expected: 450, onProgress })).toBe(450);
    expect(said.at(-1)).toBe(450);
    const between = { createdAfter: new Date('2025-11-05T11:00:00Z'), createdBefore: '2025-11-05T13:00:00Z' };
    expect(await queue.countMatching('retry', { ...between, failureReason: 'cancelled' })).toBe(450);
    expect(await queue.retryMany({ ids: [1, 2, 3] }, { expected: 3 })).toBe(3);
    expect(await queue.deleteMany({ status: 'failed', type: undefined }, { expected: 447 })).toBe(447);
    expect(await queue.stats()).toMatchObject({ totalTasks: 4, queuedTasks: 4 });
  });

  test('what is refused rejects with its code', async () => {
    const { queue } = await open();
    await queue.enqueueMany([{ type: 'mail' }, { type: 'mail' }]);
    await expect(queue.cancelMany({ all: true }, { expected: 1 })).rejects.toMatchObject({
      code: 'COUNT_CHANGED',
    });
    await expect(queue.countMatching('cancel', {})).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    // @ts-expect-error: misspelt
    await expect(queue.countMatching('cancel', { typ: 'mail' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
    const off = AbortSignal.abort(new Error('not now'));
    await expect(queue.cancelMany({ all: true }, { expected: 2, signal: off })).rejects.toThrow('not now');
    expect((await queue.stats()).queuedTasks).toBe(2);
  });
});

test('over HTTP the database can be checked', async () => {
  const { queue } = await (WAYS[0] as (typeof WAYS)[number])[1]();
  const checked = await (queue as SpooliteClient).diagnose({ fresh: true });
  expect(checked).toMatchObject({ level: 'ok', running: false, checkedAt: expect.any(Date) });
  expect(checked.findings[0]).toMatchObject({ check: 'integrity', level: 'ok', advice: null });
});
