import { expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { canFailSyncs, FailingDisk } from '../support/fault-injection.js';
import { describeWhere } from '../support/processes.js';
import { startServer } from '../support/program.js';
import { eventually } from '../support/waiting.js';

async function restarted(disk: FailingDisk): Promise<Client> {
  const { url } = await startServer(disk.file);
  return new Client(url);
}

describeWhere(canFailSyncs, 'C compiler for Linux', 'a sync that fails', () => {
  test('a write that was refused because its sync failed is not there after a crash', async () => {
    const disk = new FailingDisk();
    const { program, url } = await disk.startServer();
    const client = new Client(url);
    const kept = await client.enqueue('kept');

    disk.failOneSync();
    const { status, body } = await client.post('/queue/enqueue', { type: 'refused' });
    expect({ status, code: body.error_code }).toEqual({ status: 507, code: 'STORAGE_FULL' });

    await program.kill();
    const after = await restarted(disk);
    expect(await after.list()).toMatchObject([{ task_id: kept }]);
  });

  test('a write whose outcome cannot be known gets no answer; the next are refused until a sync succeeds', async () => {
    const disk = new FailingDisk();
    const { program, url } = await disk.startServer();
    const client = new Client(url);
    const enqueue = () => client.post('/queue/enqueue', { type: 'unknown', idempotency_key: 'once' });

    disk.failSyncs();
    await expect(enqueue()).rejects.toThrow();
    await program.says(/may be stored or not/);
    expect((await client.post('/queue/enqueue', { type: 'refused' })).status).toBe(507);
    expect((await client.get('/ready')).status).toBe(503);
    expect(await client.list()).toEqual([]);

    disk.mend();
    await eventually(async () => (await client.get('/ready')).status === 200);
    const { body } = await enqueue();
    expect((await enqueue()).body.task_id).toBe(body.task_id);

    await program.kill();
    const after = await restarted(disk);
    expect(await after.list()).toMatchObject([{ task_id: body.task_id, type: 'unknown' }]);
  });

  test('a refused batch, claim and settle are not there after a crash either', async () => {
    const disk = new FailingDisk();
    const { program, url } = await disk.startServer();
    const client = new Client(url);
    const [held, waiting] = await client.enqueueMany([{ type: 'held' }, { type: 'waiting' }]);
    const [claimed] = await client.claim({ types: ['held'] });
    for (const [path, body] of [
      ['enqueue/batch', { tasks: [{ type: 'refused' }, { type: 'refused' }] }],
      [`tasks/${held}/complete`, { lease_token: claimed.lease_token }],
      ['claims', { worker_id: 'other' }],
    ] as const) {
      disk.failOneSync();
      expect((await client.post(`/queue/${path}`, body)).status).toBe(507);
    }

    await program.kill();
    const after = await restarted(disk);
    expect(await after.list()).toMatchObject([
      { task_id: waiting, status: 'queued', attempts: 0 },
      { task_id: held, status: 'processing', locked_by: 'test' },
    ]);
  });
});
