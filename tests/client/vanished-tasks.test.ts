import { describe, expect, test } from '@jest/globals';
import { onTestEnd } from '../support/cleanup.js';
import { openOnFile } from '../support/sqlite.js';
import { api, WAYS } from '../support/test-app.js';

/** More than have a request of their own. */
const WAITS = 6;

describe.each(WAYS)('%s', (_way, open) => {
  test('whoever waits for tasks that are deleted hears of it', async () => {
    const { queue, app } = await open();
    const ids = await Promise.all(Array.from({ length: WAITS }, () => api.enqueue(app)));
    const begun = new Set<number>();
    const ends = ids.map((id) => {
      const waiting = queue.waitFor(id, { onProgress: () => begun.add(id) });
      return waiting.then(
        () => 'completed',
        ({ code }) => code,
      );
    });
    const watched = queue.watch(ids[0] as number);
    await watched.next();
    while (begun.size < WAITS) await new Promise(setImmediate);
    const after = watched.next().then(
      ({ value }) => value?.status,
      ({ code }) => code,
    );
    // As another process would, and in one transaction: nobody can see them cancelled.
    const other = openOnFile(app.clock, app.file);
    onTestEnd(() => other.close());
    const { repositories } = other;
    const deletion = { action: 'delete', filter: { ids }, upTo: Math.max(...ids) } as const;
    await Promise.all([
      ...ids.map((id) => repositories.tasks.cancel(id)),
      repositories.bulk.applyBatch({ selection: deletion, after: 0, most: 100 }),
    ]);
    expect(await Promise.all([...ends, after])).toEqual(Array(WAITS + 1).fill('TASK_NOT_FOUND'));
  });
});
