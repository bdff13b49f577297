import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { startServer } from '../support/program.js';

/** Enqueues and cancels until the server is gone; how many were acknowledged. */
async function change(client: Client, onEnqueued: () => void): Promise<number> {
  for (let count = 0; ; count++) {
    try {
      const id = await client.enqueue('mail');
      onEnqueued();
      if (id % 3 === 0) await client.post(`/queue/tasks/${id}/cancel`);
    } catch {
      return count;
    }
  }
}

test('a killed server leaves no change without its entry, and no entry without its change', async () => {
  const file = join(scratchFolder(), 'queue.db');
  for (let round = 1; round <= 3; round++) {
    const { program, url } = await startServer(file);
    const client = new Client(url);
    let enqueued = 0;
    const enough = new Promise<void>((resolve) => {
      const onEnqueued = () => {
        enqueued++;
        if (enqueued === 300) resolve();
      };
      void Promise.all(Array.from({ length: 16 }, () => change(client, onEnqueued)));
    });
    await enough;
    await program.kill();
  }
  const db = new Database(file, { readonly: true });
  const ids = (sql: string) => db.prepare(sql).pluck().all();
  const tasks = ids('select id from tasks order by id');
  const cancelled = ids("select id from tasks where status = 'failed' order by id");
  expect(tasks.length).toBeGreaterThanOrEqual(900);
  expect(cancelled.length).toBeGreaterThan(100);
  expect(ids("select task_id from audit_entries where action = 'enqueue' order by task_id")).toEqual(tasks);
  expect(ids("select task_id from audit_entries where action = 'cancel' order by task_id")).toEqual(
    cancelled,
  );
  db.close();
});
