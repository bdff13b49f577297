import { readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type Database from 'better-sqlite3';
import { scratchFolder } from '../support/cleanup.js';
import { SmallDisk } from '../support/fault-injection.js';
import { listening, spoolite, startServer, startWorker } from '../support/program.js';
import { idsIn, inFile, mails, onFile, queueFile } from '../support/sqlite.js';
import { eventually } from '../support/waiting.js';

/** Takes back what the last migrations have done, so that the file is of a version before. */
function makeOlder(client: Database.Database): void {
  client.exec(`
    drop table api_keys; drop table audit_entries; drop table duration_totals; drop table totals;
    alter table tasks drop column traceparent;
    alter table workers drop column overdue;
    drop index lanes_due_requirement; alter table lanes drop column requirement;
    create index lanes_due_of_type on lanes (type) where due > 0;
    delete from __drizzle_migrations where created_at in (
      select created_at from __drizzle_migrations order by created_at desc limit 3)`);
}

async function olderFile(count: number): Promise<string> {
  const file = await queueFile(mails(count));
  inFile(file, makeOlder);
  return file;
}

const tablesOf = (file: string): string[] =>
  inFile(file, (client) => client.prepare('select name from sqlite_schema').pluck().all() as string[]);

const copiesOf = (file: string): string[] =>
  readdirSync(dirname(file)).filter((name) => name.startsWith(`${basename(file)}.before-upgrade-`));

test('an older file with tasks is copied before it is changed, once, and people are told', async () => {
  const file = await olderFile(3);
  const servers = [0, 1].map(() =>
    spoolite('serve', '--database', file, '--port', '0', '--log-format', 'json'),
  );
  await Promise.all(servers.map(listening));
  const [copy = '', ...others] = copiesOf(file);
  expect(others).toEqual([]);
  expect(copy).toMatch(/^queue\.db\.before-upgrade-\d{8}T\d{9}Z\.bak$/);
  // The log comes through another pipe than the banner.
  const note = `${copy}","msg":"backed up the database before upgrading it`;
  await eventually(() => servers.some(({ stderr }) => stderr.includes(note)));
  expect(idsIn(join(dirname(file), copy))).toEqual([1, 2, 3]);
  expect(tablesOf(join(dirname(file), copy))).not.toContain('audit_entries');
  expect(tablesOf(file)).toContain('audit_entries');
});

test('a worker does so as well; a new file, one without tasks and one of this version need no copy', async () => {
  const older = await olderFile(1);
  await startWorker(older, ['--types', 'record']);
  expect(copiesOf(older)).toHaveLength(1);
  const fresh = join(scratchFolder(), 'new.db');
  const empty = await olderFile(0);
  const current = await queueFile(mails(1));
  for (const file of [fresh, empty, current]) {
    const { program } = await startServer(file);
    expect(copiesOf(file)).toEqual([]);
    program.signal('SIGTERM');
    await program.exited;
  }
});

test('only the last few copies are kept', async () => {
  const file = await olderFile(1);
  for (let round = 0; round < 5; round++) {
    await onFile(file, async () => inFile(file, () => undefined));
    if (round < 4) inFile(file, makeOlder);
  }
  expect(copiesOf(file)).toHaveLength(3);
});

test('where there is no room for the copy nothing is changed, unless somebody wants it without', async () => {
  const disk = new SmallDisk();
  if (!disk.isReal) return;
  const { program } = await disk.startServer();
  program.signal('SIGTERM');
  await program.exited;
  await queueFile(
    Array.from({ length: 400 }, () => ({ payload: { fill: 'x'.repeat(4000) } })),
    disk.file,
  );
  inFile(disk.file, makeOlder);
  // Of 4 MB there is one left: enough for the file's log, not for another of its kind.
  writeFileSync(join(dirname(disk.file), 'others'), Buffer.alloc(1_300_000));
  const before = readdirSync(dirname(disk.file)).sort();
  const refused = spoolite('serve', '--database', disk.file, '--port', '0');
  expect(await refused.exited).toEqual({ code: 1, signal: null });
  expect(refused.stderr).toMatch(/could not be backed up first\. There is no space .*--skip-upgrade-backup/);
  expect(readdirSync(dirname(disk.file)).sort()).toEqual(before);
  expect(tablesOf(disk.file)).not.toContain('audit_entries');

  await listening(spoolite('serve', '--database', disk.file, '--port', '0', '--skip-upgrade-backup'));
  expect(tablesOf(disk.file)).toContain('audit_entries');
  expect(copiesOf(disk.file)).toEqual([]);
});
