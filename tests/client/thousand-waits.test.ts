import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.js';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { startServer } from '../support/program.js';
import { eventually } from '../support/waiting.js';

const TASKS = 1_000;

test('a thousand waits of one client take four requests at a time, and each learns of its task', async () => {
  const { url } = await startServer(join(scratchFolder(), 'queue.db'));
  let open = 0;
  let most = 0;
  let sent = 0;
  const counting: typeof fetch = async (input, init) => {
    sent++;
    most = Math.max(most, ++open);
    try {
      return await fetch(input, init);
    } finally {
      open--;
    }
  };
  const client = createClient({ url, fetch: counting });
  const tasks = Array.from({ length: TASKS }, () => ({ type: 'work' }));
  const ids = (await client.enqueueMany(tasks)).map(({ taskId }) => taskId);

  const begun = new Set<number>();
  const waits = ids.map((id) => client.waitFor(id, { onProgress: () => begun.add(id) }));
  await eventually(() => begun.size === TASKS);
  const by = new Client(url);
  for (let left = TASKS; left > 0; ) {
    const claimed = await by.claim({ limit: 100 });
    left -= claimed.length;
    await Promise.all(
      claimed.map(({ task_id, lease_token }) =>
        by.post(`/queue/tasks/${task_id}/complete`, { lease_token, result: task_id * 2 }),
      ),
    );
  }
  const results = (await Promise.all(waits)).map(({ result }) => result);
  expect(results).toEqual(ids.map((id) => id * 2));
  expect(most).toBeLessThanOrEqual(4);
  expect(sent).toBeLessThan(TASKS / 10);
});
