import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import type { DoctorFinding } from '../../../src/core/finding.js';
import { scratchFolder } from '../../support/cleanup.js';
import { Client } from '../../support/client.js';
import { spooliteRan, startServer } from '../../support/program.js';

async function doctor(file: string, ...flags: string[]) {
  const { code, stdout } = await spooliteRan(['doctor', '--database', file, '--json', ...flags]);
  const { level, findings, repairs } = JSON.parse(stdout);
  const found: string[] = findings
    .filter((finding: DoctorFinding) => finding.level !== 'ok')
    .map((finding: DoctorFinding) => `${finding.level} ${finding.check}`);
  return { code, level, found, findings: findings as DoctorFinding[], repairs: repairs as string[] };
}

const HEALTHY = { code: 0, level: 'ok', found: [] };

/** A file that a server has used, with 50 tasks in it, and is done with. */
async function usedFile(change: string | null = null): Promise<string> {
  const file = join(scratchFolder(), 'queue.db');
  const { program, url } = await startServer(file);
  const client = new Client(url);
  await client.enqueueMany(Array.from({ length: 50 }, () => ({ type: 'mail' })));
  await client.claim({ limit: 3, lease_seconds: 5 });
  program.signal('SIGTERM');
  await program.exited;
  const database = new Database(file);
  // The leases of the three begin when the test wants it.
  database.exec(
    'update tasks set lease_until = lease_until + 3600000, lease_ms = 3600000 where lease_until is not null',
  );
  if (change) database.exec(change);
  database.close();
  return file;
}

const digestOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

test('a file in use is checked while its server goes on, and is well', async () => {
  const file = join(scratchFolder(), 'queue.db');
  const client = new Client((await startServer(file)).url);
  await client.enqueueMany(Array.from({ length: 50 }, () => ({ type: 'mail' })));
  expect(await doctor(file)).toMatchObject({ ...HEALTHY, repairs: [] });
  expect(await client.enqueue('mail')).toBe(51);
});

test('a file that nobody uses is left as it was, and nothing is left beside it', async () => {
  const file = await usedFile();
  const state = () => [digestOf(file), readdirSync(dirname(file))];
  const before = state();
  expect(await doctor(file)).toMatchObject(HEALTHY);
  expect(state()).toEqual(before);
});

test('the file is the one that the settings file names', async () => {
  const file = await usedFile();
  const settings = join(scratchFolder(), 'settings.json');
  writeFileSync(settings, JSON.stringify({ database: file }));
  const { code, stdout } = await spooliteRan(['doctor', '--json', '--config', settings]);
  expect({ code, database: JSON.parse(stdout).database }).toEqual({ code: 0, database: file });
});

test('people get a line for each thing, and what to do', async () => {
  const file = await usedFile('update queue_state set queued = queued + 2');
  const { code, stdout } = await spooliteRan(['doctor', '--database', file]);
  expect(code).toBe(2);
  expect(stdout).toMatch(/^ok {7}integrity/m);
  expect(stdout).toMatch(
    /^problem {2}counters .*tasks queued: 49, but 47 counted.*To do: spoolite doctor --fix/m,
  );
});

describe('--fix', () => {
  test('counts the counters anew, under a running server', async () => {
    const wrong = `update queue_state set queued = 7, failed = 1; delete from lanes;
      update type_counts set processing = 9; insert into type_counts (type, queued) values ('gone', 3)`;
    const file = await usedFile(wrong);
    const client = new Client((await startServer(file)).url);
    expect(await doctor(file)).toMatchObject({ code: 2, found: ['problem counters'] });
    const { repairs, ...after } = await doctor(file, '--fix');
    expect(after).toMatchObject(HEALTHY);
    expect(repairs.join()).toContain('tasks queued from 7 to 47');
    expect(await client.stats()).toMatchObject({ total_tasks: 50, queued_tasks: 47, processing_tasks: 3 });
    expect(await client.claim({ limit: 100 })).toHaveLength(47);
  });

  test('takes back what has expired', async () => {
    const file = await usedFile('update tasks set lease_until = 1000 where lease_until is not null');
    expect(await doctor(file)).toMatchObject({ code: 1, level: 'warning', found: ['warning leases'] });
    const { repairs, ...after } = await doctor(file, '--fix');
    expect(after).toMatchObject(HEALTHY);
    expect(repairs).toContain('took back 3 tasks whose lease had expired');
    const database = new Database(file);
    expect(database.prepare("select count(*) from tasks where status = 'queued'").pluck().get()).toBe(50);
    database.close();
  });

  test('gives free space back, and mends the wake file', async () => {
    const file = await usedFile(
      `create table filler (a); insert into filler values (zeroblob(20000000)); drop table filler`,
    );
    writeFileSync(`${file}-wake`, 'far too long', { mode: 0o600 });
    expect((await doctor(file)).found.sort()).toEqual(['warning space', 'warning wake file']);
    const { repairs, ...after } = await doctor(file, '--fix');
    expect(after).toMatchObject(HEALTHY);
    expect(repairs.join()).toMatch(/returned 20 MB .* to the disk/);
    expect(readFileSync(file).length).toBeLessThan(1_000_000);
  });

  test('never changes a damaged file', async () => {
    const file = await usedFile('update queue_state set queued = 7');
    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.alloc(3000, 0x5a), 0, 3000, 4096 * 3);
    closeSync(descriptor);
    const before = digestOf(file);
    expect(await doctor(file, '--fix')).toMatchObject({ code: 2, found: ['problem integrity'], repairs: [] });
    expect(digestOf(file)).toBe(before);
  });
});

test('a change from the future tells that the clock is wrong', async () => {
  const file = await usedFile(`update tasks set updated_at = ${Date.now() + 3_600_000} where id = 1`);
  expect(await doctor(file)).toMatchObject({ code: 1, found: ['warning clock'] });
});

test('log entries without their task are a problem that --fix leaves alone', async () => {
  const file = await usedFile(`pragma foreign_keys = off; update queue_state set revision = 999;
    insert into task_logs values (900, 77, 1, 'info', 'lost', null, 1)`);
  expect(await doctor(file, '--fix')).toMatchObject({ code: 2, found: ['problem orphans'], repairs: [] });
});

test('what is not a queue of ours is said to be none, and left alone', async () => {
  const file = join(scratchFolder(), 'other.db');
  writeFileSync(file, '', { mode: 0o600 });
  const other = new Database(file);
  other.exec('create table theirs (a)');
  other.close();
  expect(await doctor(file, '--fix')).toMatchObject({ code: 2, found: ['problem versions'] });
  writeFileSync(file, 'no database at all, whatever its name '.repeat(100));
  expect(await doctor(file, '--fix')).toMatchObject({ code: 2, found: ['problem integrity'] });
  const { code, stderr } = await spooliteRan(['doctor', '--database', `${file}.missing`]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^spoolite: There is no database at/),
  });
});
