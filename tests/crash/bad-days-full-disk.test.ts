import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { type Answer, Client } from '../support/client.js';
import { SmallDisk } from '../support/fault-injection.js';
import { spoolite, TEST_HANDLERS } from '../support/program.js';
import { eventually } from '../support/waiting.js';

/** Asserts the answer to a write for which there is no room. */
function expectFull({ status, headers, body }: Answer): void {
  expect({ status, type: headers.get('content-type'), code: body.error_code, detail: body.detail }).toEqual({
    status: 507,
    type: 'application/problem+json; charset=utf-8',
    code: 'STORAGE_FULL',
    detail: 'The storage is full; nothing was stored',
  });
}

/** Fills the disk, and then what room the database's own files still have; returns the tasks that were taken. */
async function fillUp(disk: SmallDisk, client: Client): Promise<number[]> {
  disk.fill();
  const taken: number[] = [];
  for (;;) {
    const { status, body } = await client.post('/queue/enqueue', { type: 'filler' });
    if (status === 507) return taken;
    expect(status).toBe(201);
    taken.push(body.task_id);
  }
}

const idsOf = (tasks: { task_id: number }[]): number[] => tasks.map(({ task_id }) => task_id);

test('a full disk refuses every write clearly, answers every read, and is over when there is room', async () => {
  const disk = new SmallDisk();
  const { program, url } = await disk.startServer();
  const client = new Client(url);
  const ids = await client.enqueueMany([{ type: 'remote' }, { type: 'remote' }, { type: 'remote' }]);
  const [held] = await client.claim({ types: ['remote'] });

  const all = [...ids, ...(await fillUp(disk, client))].reverse();

  const lease = { lease_token: held.lease_token };
  for (const [path, body] of [
    ['enqueue', { type: 'refused' }],
    ['enqueue/batch', { tasks: [{ type: 'refused' }, { type: 'refused' }] }],
    ['claims', { worker_id: 'other' }],
    [`tasks/${held.task_id}/heartbeat`, lease],
    [`tasks/${held.task_id}/logs`, { ...lease, entries: [{ level: 'info', message: 'lost' }] }],
    [`tasks/${held.task_id}/complete`, { ...lease, result: 'kept' }],
    [`tasks/${ids[1]}/cancel`, {}],
  ] as const) {
    expectFull(await client.post(`/queue/${path}`, body));
  }

  expect(await client.task(held.task_id)).toMatchObject({ status: 'processing', locked_by: 'test' });
  expect(idsOf(await client.list('?limit=1000'))).toEqual(all);
  expect(await client.stats()).toMatchObject({ processing_tasks: 1, queued_tasks: all.length - 1 });
  expect((await client.get('/health')).status).toBe(200);
  const unready = await client.get('/ready');
  expect(unready).toMatchObject({ status: 503, body: { error_code: 'NOT_READY' } });
  expect(unready.body.checks).toEqual({
    database: 'ok',
    writer: 'The storage is full; nothing was stored',
  });

  disk.makeRoom();
  // Nobody writes: it finds out by itself.
  await eventually(async () => (await client.get('/ready')).status === 200);
  const settled = await client.post(`/queue/tasks/${held.task_id}/complete`, { ...lease, result: 'kept' });
  expect(settled).toMatchObject({ status: 200, body: { status: 'completed', result: 'kept' } });
  expect(await client.claim({ types: ['remote'] })).toMatchObject([{ task_id: ids[1] }]);

  await program.kill();
  const { url: again } = await disk.startServer();
  expect(idsOf(await new Client(again).list('?limit=1000'))).toEqual(all);
});

test('a worker whose task ends while the disk is full settles it when there is room, and goes on', async () => {
  const disk = new SmallDisk();
  const goAhead = join(scratchFolder(), 'go-ahead');
  const { program, url } = await disk.startServer(TEST_HANDLERS);
  const client = new Client(url);
  const id = await client.enqueue('wait', { payload: { until: goAhead } });
  await eventually(async () => (await client.task(id)).status === 'processing');
  // Due while the disk is full.
  const soon = new Date(Date.now() + 500).toISOString();
  const next = await client.enqueue('wait', { payload: { until: goAhead }, run_after_utc: soon });

  await fillUp(disk, client);
  writeFileSync(goAhead, '');
  await program.says(/"task":\d+,"msg":"[^"]*retrying/);
  await program.says(/claiming failed, retrying/);
  expect(await client.task(id)).toMatchObject({ status: 'processing', attempts: 1 });

  disk.makeRoom();
  const done = (task: { done: boolean }): boolean => task.done;
  await eventually(async () => done(await client.task(id)) && done(await client.task(next)));
  for (const task of [id, next]) {
    expect(await client.task(task)).toMatchObject({ status: 'completed', attempts: 1 });
  }
});

test('a server that is started on a full disk says so in a sentence', async () => {
  const disk = new SmallDisk();
  if (!disk.isReal) return;
  disk.fill();
  const program = spoolite('serve', '--database', disk.file, '--port', '0');
  expect(await program.exited).toEqual({ code: 1, signal: null });
  expect(program.output).toMatch(/^spoolite: There is no space for .*queue\.db on its disk: free some.*\n$/);
});
