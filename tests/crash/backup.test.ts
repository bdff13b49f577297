import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { auditDatabase } from '../../src/admin/file-tools.js';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { startServer } from '../support/program.js';

const SOUND = { damage: [], miscounts: [] };

/** Keeps enqueueing; `stop` resolves to how many tasks were acknowledged. */
function enqueueing(client: Client) {
  let count = 0;
  let isOver = false;
  const loop = async () => {
    for (; !isOver; count += 20)
      await client.enqueueMany(Array.from({ length: 20 }, () => ({ type: 'mail' })));
  };
  const loops = [loop(), loop()];
  return {
    get count() {
      return count;
    },
    async stop() {
      isOver = true;
      await Promise.all(loops);
    },
  };
}

test('a backup that is made while the server is being written to is whole, and has all that came before it', async () => {
  const folder = scratchFolder();
  const client = new Client((await startServer(join(folder, 'queue.db'))).url);
  const before = await client.enqueueMany(Array.from({ length: 50 }, () => ({ type: 'mail' })));
  const writing = enqueueing(client);

  const source = new Database(join(folder, 'queue.db'), { readonly: true });
  source.prepare('vacuum into ?').run(join(folder, 'backup.db'));
  source.close();
  await writing.stop();
  expect(writing.count).toBeGreaterThan(0);

  expect(auditDatabase(join(folder, 'backup.db'))).toMatchObject(SOUND);
  const restored = new Client((await startServer(join(folder, 'backup.db'))).url);
  const ids = (await restored.list(`?ids=${before.join(',')}`)).map(({ task_id }) => task_id);
  expect(ids).toEqual(before);
  expect(await restored.enqueue('mail')).toBeGreaterThan(50);
});

test('the database and its -wal, copied after the server was killed, have all that was acknowledged', async () => {
  const folder = scratchFolder();
  const { program, url } = await startServer(join(folder, 'queue.db'));
  const client = new Client(url);
  const ids = await client.enqueueMany(Array.from({ length: 50 }, () => ({ type: 'mail' })));
  await program.kill();

  expect(existsSync(join(folder, 'queue.db-wal'))).toBe(true);
  copyFileSync(join(folder, 'queue.db'), join(folder, 'copy.db'));
  copyFileSync(join(folder, 'queue.db-wal'), join(folder, 'copy.db-wal'));

  const restored = new Client((await startServer(join(folder, 'copy.db'))).url);
  expect(await restored.stats()).toMatchObject({ total_tasks: ids.length, queued_tasks: ids.length });
  expect(auditDatabase(join(folder, 'copy.db'))).toMatchObject(SOUND);
});
