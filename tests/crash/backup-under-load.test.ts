import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { spooliteRan, startServer, startWorker } from '../support/program.js';
import { idsIn } from '../support/sqlite.js';
import { eventually } from '../support/waiting.js';
import { Acknowledging } from './busy-clients.js';

const WORKERS = 4;
const BACKUPS = 3;

test('backups while 4 workers and 2 clients are at work: whole, with all that came before, and they go on', async () => {
  const folder = scratchFolder();
  const database = join(folder, 'queue.db');
  const client = new Client((await startServer(database)).url);
  const env = { RECORD_FILE: join(folder, 'ran.txt') };
  await Promise.all(Array.from({ length: WORKERS }, () => startWorker(database, [], env)));
  const enqueuing = new Acknowledging(client, 'record');
  await eventually(async () => (await client.stats()).completed_tasks > 200);

  for (let round = 0; round < BACKUPS; round++) {
    const backup = join(folder, `backup-${round}.db`);
    const before = [...enqueuing.ids];
    const made = await spooliteRan(['backup', backup, '--database', database, '--json']);
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    const there = new Set(idsIn(backup));
    expect(before.filter((id) => !there.has(id))).toEqual([]);
    expect(JSON.parse(made.stdout).tasks).toBe(there.size);
  }
  const whileRunning = enqueuing.ids.length;
  await eventually(() => enqueuing.ids.length > whileRunning);
  await enqueuing.stop();

  // The last one, somewhere else: what was queued or running in it is done there.
  const restored = join(scratchFolder(), 'restored.db');
  const last = join(folder, `backup-${BACKUPS - 1}.db`);
  expect((await spooliteRan(['restore', last, '--yes', '--database', restored])).code).toBe(0);
  const doctor = await spooliteRan(['doctor', '--json', '--database', restored]);
  const problems = JSON.parse(doctor.stdout).findings.filter(
    ({ level }: { level: string }) => level !== 'ok',
  );
  expect(problems).toEqual([]);
  const elsewhere = new Client((await startServer(restored)).url);
  await startWorker(restored, ['--lease-seconds', '5'], { RECORD_FILE: join(folder, 'ran-again.txt') });
  const id = await elsewhere.enqueue('record');
  expect((await elsewhere.get(`/queue/tasks/${id}?wait=60`)).body.status).toBe('completed');
  expect(id).toBeGreaterThan(Math.max(...enqueuing.ids));
});
