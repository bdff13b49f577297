import {
  chmodSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { auditDatabase } from '../../../src/admin/file-tools.js';
import { onTestEnd, scratchFolder } from '../../support/cleanup.js';
import { Client } from '../../support/client.js';
import { CommandLine, spooliteRan, startServer, startWorker } from '../../support/program.js';
import { idsIn, inFile, mails, onFile, queueFile } from '../../support/sqlite.js';

const restore = (backup: string, database: string, ...args: string[]) =>
  spooliteRan(['restore', backup, '--database', database, '--yes', ...args]);

const SOUND = { damage: [], miscounts: [] };

/** A database with three tasks, and a backup that has the first two; nobody has either open. */
async function replacedAndBackup(): Promise<{ database: string; backup: string }> {
  const database = await queueFile(mails(2));
  const backup = join(dirname(database), 'backup.db');
  expect((await spooliteRan(['backup', backup, '--database', database])).code).toBe(0);
  await queueFile(mails(1), database);
  return { database, backup };
}

const keptIn = (database: string): string[] =>
  readdirSync(dirname(database)).filter((name) => name.startsWith(`${basename(database)}.before-restore-`));

test('the backup takes the place of the database, which stays beside it, and the permissions stay', async () => {
  const { database, backup } = await replacedAndBackup();
  chmodSync(database, 0o600);
  const bytes = readFileSync(backup);
  const { code, stdout } = await restore(backup, database);
  const [kept = ''] = keptIn(database);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(kept) });
  expect(kept).toMatch(/^queue\.db\.before-restore-\d{8}T\d{9}Z\.bak$/);
  expect(idsIn(database)).toEqual([1, 2]);
  expect(idsIn(join(dirname(database), kept))).toEqual([1, 2, 3]);
  expect(statSync(database).mode & 0o777).toBe(0o600);
  expect(auditDatabase(database)).toMatchObject(SOUND);
  expect(readFileSync(backup).equals(bytes)).toBe(true);
});

describe('clients of the replaced queue', () => {
  test('meet no id twice, no tag for another state, and are told of every task', async () => {
    const { database, backup } = await replacedAndBackup();
    const { program, url } = await startServer(database);
    const first = new Client(url);
    // After the backup: a state that the restored task will not have had.
    const [claimed] = await first.claim({ limit: 1 });
    const tag = (await first.get(`/queue/tasks/${claimed.task_id}`)).headers.get('etag');
    const { cursor } = (await first.get('/queue/changes?limit=1000')).body;
    program.signal('SIGTERM');
    await program.exited;

    expect((await restore(backup, database)).code).toBe(0);
    const again = new Client((await startServer(database)).url);
    const { changes } = (await again.get(`/queue/changes?cursor=${cursor}`)).body;
    expect(changes.map(({ task_id }: { task_id: number }) => task_id)).toEqual([1, 2]);
    expect((await again.get('/queue/tasks/3')).status).toBe(404);
    expect(await again.enqueue('mail')).toBe(4);
    const tags = await Promise.all(
      [1, 2, 4].map(async (id) => (await again.get(`/queue/tasks/${id}`)).headers.get('etag')),
    );
    const revisionIn = (found: string | null) => Number(/^W\/"(\d+)/.exec(found ?? '')?.[1]);
    for (const found of tags) expect(revisionIn(found)).toBeGreaterThan(revisionIn(tag));
  });

  test('are safe also where nobody can say how far it had come', async () => {
    const { database, backup } = await replacedAndBackup();
    writeFileSync(database, 'this was a database once, and is one no more; nobody can read what it had');
    const { code, stdout } = await restore(backup, database);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('1000000002') });
    expect(keptIn(database)).toHaveLength(1);
    const { revision } = inFile(
      database,
      (client) => client.prepare('select revision from queue_state').get() as { revision: number },
    );
    expect(revision).toBeGreaterThan(1e12);
    const id = await onFile(database, async ({ tasks }) => (await tasks.listIds({}, 10)).ids.length);
    expect(id).toBe(2);
    const client = new Client((await startServer(database)).url);
    expect(await client.enqueue('mail')).toBe(1_000_000_003);
  });

  test('may use only the keys that were good in the end', async () => {
    const { database, backup } = await replacedAndBackup();
    const keys = (...args: string[]) => spooliteRan(['keys', ...args, '--database', database]);
    expect((await keys('create', '--name', 'old', '--scopes', 'read')).code).toBe(0);
    const later = join(dirname(backup), 'later.db');
    await spooliteRan(['backup', later, '--database', database]);
    await keys('revoke', 'old');
    await keys('create', '--name', 'new', '--scopes', 'read');
    expect((await restore(later, database)).code).toBe(0);
    const read = (sql: string) => inFile(database, (client) => client.prepare(sql).raw().all());
    expect(read('select name, revoked_at is not null from api_keys order by id')).toEqual([
      ['old', 1],
      ['new', 0],
    ]);
    expect(read('select action from audit_entries order by id')).toEqual([
      ['keys.create'],
      ['keys.revoke'],
      ['keys.create'],
      ['restore'],
    ]);
  });
});

test('over a file that was made anew the keys of the backup hold, and ids go on where nothing was given out yet', async () => {
  const { database, backup } = await replacedAndBackup();
  await spooliteRan(['keys', 'create', '--name', 'ada', '--scopes', 'read', '--database', database]);
  const guarded = join(dirname(backup), 'guarded.db');
  await spooliteRan(['backup', guarded, '--database', database]);
  const fresh = join(scratchFolder(), 'queue.db');
  await queueFile(mails(1), fresh);
  expect((await restore(guarded, fresh)).code).toBe(0);
  const names = inFile(fresh, (client) => client.prepare('select name from api_keys').pluck().all());
  expect(names).toEqual(['ada']);
  const next = inFile(fresh, (client) =>
    client.prepare("select seq from sqlite_sequence where name = 'tasks'").pluck().get(),
  );
  expect(next).toBe(1_000_000_003);
});

test('damage in the log or the keys of the replaced file keeps nobody from a backup', async () => {
  const { database, backup } = await replacedAndBackup();
  const { root, size } = inFile(database, (client) => ({
    root: Number(
      client.prepare("select rootpage from sqlite_schema where name = 'audit_entries'").pluck().get(),
    ),
    size: Number(client.pragma('page_size', { simple: true })),
  }));
  const descriptor = openSync(database, 'r+');
  writeSync(descriptor, Buffer.alloc(size, 0xff), 0, size, (root - 1) * size);
  closeSync(descriptor);
  expect(await restore(backup, database)).toMatchObject({ code: 0 });
  expect(idsIn(database)).toEqual([1, 2]);
  expect(auditDatabase(database)).toMatchObject(SOUND);
});

describe('refuses, and leaves everything as it was,', () => {
  /** Asserts the refusal, and that nothing in the folder has changed. */
  async function refuses(backup: string, database: string, reason: RegExp, args: string[] = ['--yes']) {
    const before = readdirSync(dirname(database)).sort();
    const { code, stderr } = await spooliteRan(['restore', backup, '--database', database, ...args]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(reason) });
    expect(readdirSync(dirname(database)).sort()).toEqual(before);
  }

  test('while a server has the database open, and the server goes on', async () => {
    const { database, backup } = await replacedAndBackup();
    const client = new Client((await startServer(database)).url);
    await refuses(backup, database, /is in use: stop every server/);
    expect(await client.enqueue('mail')).toBe(4);
    expect(await client.stats()).toMatchObject({ total_tasks: 4 });
  });

  test('while a worker has it open', async () => {
    const { database, backup } = await replacedAndBackup();
    await startWorker(database, ['--types', 'record']);
    await refuses(backup, database, /is in use: stop every server/);
  });

  test('while another program reads it', async () => {
    const { database, backup } = await replacedAndBackup();
    const reader = new Database(database);
    onTestEnd(() => reader.close());
    reader.exec('begin; select * from tasks');
    await refuses(backup, database, /is in use/);
  });

  test('when there is no terminal to ask in', async () => {
    const { database, backup } = await replacedAndBackup();
    await refuses(backup, database, /add --yes/, []);
  });

  test('when the answer is not yes', async () => {
    const { database, backup } = await replacedAndBackup();
    const asking = new CommandLine('').inTerminal('restore', backup, '--database', database);
    await asking.says(/Replace .*queue\.db with .*backup\.db\?.*\(yes\/no\)/);
    asking.signal('SIGINT');
    expect(await asking.exited).toEqual({ code: 1, signal: null });
    expect(asking.output).toContain('Nothing was changed.');
    expect(idsIn(database)).toEqual([1, 2, 3]);
  });

  test('a backup that is not there, damaged, of another program, of a newer version, or the database itself', async () => {
    const { database, backup } = await replacedAndBackup();
    const folder = scratchFolder();
    const changed = async (name: string, change: (file: string) => void): Promise<string> => {
      const file = join(folder, name);
      await spooliteRan(['backup', file, '--database', backup]);
      change(file);
      return file;
    };
    const sql = (text: string) => (file: string) => inFile(file, (client) => client.exec(text));
    const newer = 'insert into __drizzle_migrations (hash, created_at) values (1, 99999999999999)';
    for (const [file, reason] of [
      [join(folder, 'none.db'), /There is no backup at/],
      [await changed('cut.db', (file) => truncateSync(file, 40_000)), /damaged|not intact/],
      [await changed('other.db', sql('pragma application_id = 5')), /belongs to another program/],
      [await changed('newer.db', sql(newer)), /newer\.db is of a newer version/],
      [await changed('wrong.db', sql('update queue_state set failed = 1')), /is not intact/],
      [database, /is the database itself/],
    ] as const)
      await refuses(file, database, reason);
    expect(idsIn(database)).toEqual([1, 2, 3]);
  }, 120_000);
});

test('a link to a database stays one, and what it leads to is replaced', async () => {
  const { database, backup } = await replacedAndBackup();
  const link = join(scratchFolder(), 'linked.db');
  symlinkSync(database, link);
  expect((await restore(backup, link)).code).toBe(0);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(idsIn(database)).toEqual([1, 2]);
  expect(keptIn(database)).toHaveLength(1);
});

test('a database cannot be made where there is no folder', async () => {
  const { backup } = await replacedAndBackup();
  const { code, stderr } = await restore(backup, join(scratchFolder(), 'no', 'queue.db'));
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^spoolite: The folder .* does not/),
  });
});

test('a database that is not there is made, and a log that was left of it is put aside', async () => {
  const { backup } = await replacedAndBackup();
  const database = join(scratchFolder(), 'new.db');
  writeFileSync(`${database}-wal`, 'the newest writes of a database that somebody has deleted');
  expect((await restore(backup, database)).code).toBe(0);
  expect(idsIn(database)).toEqual([1, 2]);
  expect(keptIn(database)).toEqual([expect.stringMatching(/\.bak-wal$/)]);
  expect(auditDatabase(database)).toMatchObject(SOUND);
});

test('tasks that were running in the backup run again when their leases have ended', async () => {
  const database = await queueFile([{ type: 'record' }]);
  const backup = join(dirname(database), 'backup.db');
  const { program, url } = await startServer(database);
  await new Client(url).claim({ lease_seconds: 5, worker_id: 'gone' });
  await spooliteRan(['backup', backup, '--database', database]);
  program.signal('SIGTERM');
  await program.exited;
  expect((await restore(backup, database)).code).toBe(0);
  const client = new Client((await startServer(database)).url);
  const [again] = await client.claim({ wait: 20, worker_id: 'other' });
  expect(again).toMatchObject({ task_id: 1, attempts: 2 });
});
