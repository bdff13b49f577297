import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createClient } from '../../src/client/index.js';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { freePort } from '../support/processes.js';
import { startServer } from '../support/program.js';
import { eventually } from '../support/waiting.js';

/** Enough that some have a request of their own and others share one. */
const TASKS = 20;

test('waits, watches and events outlive a server that is killed and started again', async () => {
  const database = join(scratchFolder(), 'queue.db');
  const first = await startServer(database, '--port', String(await freePort()));
  const { port } = new URL(first.url);
  const client = createClient({ url: first.url });
  const tasks = Array.from({ length: TASKS }, (_, n) => ({ type: 'work', payload: { n } }));
  const ids = (await client.enqueueMany(tasks)).map(({ taskId }) => taskId);

  const begun = new Set<number>();
  const waits = ids.map((id) => client.waitFor(id, { onProgress: () => begun.add(id) }));
  const watched: string[] = [];
  const watch = (async () => {
    for await (const { status } of client.watch(ids[0] as number)) watched.push(status);
  })();
  const events = client.events();
  const event = events.next();
  const by = new Client(first.url);
  await eventually(() => begun.size === TASKS && watched.length === 1);
  const [claimed, ...others] = await by.claim({ limit: TASKS });
  await eventually(() => watched.length === 2);
  expect((await event).value?.task.status).toBe('processing');

  const next = events.next();
  await first.program.kill();
  await startServer(database, '--port', port);
  for (const { task_id, lease_token } of [claimed, ...others]) {
    await by.post(`/queue/tasks/${task_id}/complete`, { lease_token, result: task_id * 2 });
  }

  expect((await Promise.all(waits)).map(({ result }) => result)).toEqual(ids.map((id) => id * 2));
  await watch;
  expect(watched).toEqual(['queued', 'processing', 'completed']);
  expect((await next).value?.task.taskId).toBeDefined();
  await events.return(undefined);
});
