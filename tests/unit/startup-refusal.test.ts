import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { ManualClock, systemClock } from '../../src/core/clock.js';
import { UserError } from '../../src/core/errors.js';
import { scratchFolder } from '../support/cleanup.js';
import { asOrdinaryUser, BOUND_ROOT, canBeOrdinary, describeWhere } from '../support/processes.js';
import { newTask } from '../support/queue-under-test.js';
import { openOnFile } from '../support/sqlite.js';

const open = (file: string, createFolder = false) =>
  openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random, createFolder });

/** Every file in a folder with its bytes. */
const contents = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, readFileSync(join(folder, name)).toString('base64')]);

/** A file of ours with some tasks, closed in good order. */
async function ourFile(file: string): Promise<void> {
  const storage = openOnFile(new ManualClock(), file);
  await storage.repositories.tasks.enqueueMany(Array.from({ length: 100 }, () => newTask()));
  await storage.close();
}

function foreignFile(file: string, ...pragmas: string[]): void {
  const client = new Database(file);
  for (const pragma of pragmas) client.pragma(pragma);
  client.exec('create table notes (text); insert into notes values (1)');
  client.close();
}

const PAGE = 4096;

const damage = (file: string, from: number, to?: number) =>
  writeFileSync(file, readFileSync(file).fill(0x5a, from, to));

/** What makes each file unusable, and what is said about it. */
const REFUSED: [string, (file: string) => unknown, RegExp][] = [
  [
    'a text',
    (file) => writeFileSync(file, 'Dear diary,\n'.repeat(1000)),
    /is not a SQLite database\. It was left untouched/,
  ],
  [
    "another program's database",
    (file) => foreignFile(file),
    /belongs to another program\. It was left untouched/,
  ],
  [
    "another program's database in WAL mode",
    (file) => foreignFile(file, 'journal_mode = wal'),
    /belongs to another program\. It was left untouched/,
  ],
  [
    "another program's database, still empty",
    (file) => {
      const client = new Database(file);
      client.pragma('application_id = 77');
      client.close();
    },
    /belongs to another program\. It was left untouched/,
  ],
  [
    'a newer version',
    async (file) => {
      await ourFile(file);
      const client = new Database(file);
      client.exec("insert into __drizzle_migrations (hash, created_at) values ('later', 99999999999999)");
      client.close();
    },
    /is of a newer version of Spoolite\. Update the program; the file was left untouched/,
  ],
  [
    'a destroyed header',
    async (file) => {
      await ourFile(file);
      damage(file, 0, 16);
    },
    /is not a SQLite database\. It was left untouched/,
  ],
  [
    'a first page of garbage',
    async (file) => {
      await ourFile(file);
      damage(file, 100, PAGE);
    },
    /is damaged\. It was left untouched: restore a backup/,
  ],
  [
    'garbage after the first page',
    async (file) => {
      await ourFile(file);
      damage(file, PAGE);
    },
    /is damaged\. It was left untouched: restore a backup/,
  ],
  [
    'an end that is cut off',
    async (file) => {
      await ourFile(file);
      writeFileSync(file, readFileSync(file).subarray(0, PAGE + 100));
    },
    /is damaged\. It was left untouched: restore a backup/,
  ],
];

describe('refused at start, and left untouched', () => {
  test.each(REFUSED)('%s', async (_, make, sentence) => {
    const folder = scratchFolder();
    const file = join(folder, 'queue.db');
    await make(file);
    const before = contents(folder);
    expect(() => open(file)).toThrow(UserError);
    expect(() => open(file)).toThrow(sentence);
    expect(() => open(file)).toThrow(file);
    expect(contents(folder)).toEqual(before);
  });

  test("another program's database while that program runs", () => {
    const folder = scratchFolder();
    const file = join(folder, 'notes.db');
    const other = new Database(file);
    other.pragma('journal_mode = wal');
    other.exec('create table notes (text)');
    const before = contents(folder).filter(([name]) => name !== 'notes.db-shm');
    expect(() => open(file)).toThrow(/belongs to another program/);
    expect(contents(folder).filter(([name]) => name !== 'notes.db-shm')).toEqual(before);
    other.exec('insert into notes values (1)');
    other.close();
  });
});

describe('paths that cannot be', () => {
  test('a folder that is not there, unless it is to be made', async () => {
    const file = join(scratchFolder(), 'new', 'deep', 'queue.db');
    expect(() => open(file)).toThrow(UserError);
    expect(() => open(file)).toThrow(/The folder .*deep does not exist: create it/);
    await open(file, true).close();
  });

  test('a folder in place of the file', () => {
    const folder = scratchFolder();
    expect(() => open(folder)).toThrow(UserError);
    expect(() => open(folder)).toThrow(/is not a file/);
  });

  test.each(['note.txt/queue.db', 'note.txt/deep/queue.db'])('a file in place of the folder: %s', (path) => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'note.txt'), 'a note');
    expect(() => open(join(folder, path))).toThrow(UserError);
    expect(() => open(join(folder, path))).toThrow(/does not exist: create it, or name another file/);
    expect(() => open(join(folder, path), true)).toThrow(UserError);
    expect(() => open(join(folder, path), true)).toThrow(
      /cannot be created: create it yourself, or name another file/,
    );
    expect(readdirSync(folder)).toEqual(['note.txt']);
  });

  test.each(['', '  '])('no name: "%s"', (name) => {
    expect(() => open(name)).toThrow(/has no name/);
  });
});

describeWhere(canBeOrdinary, BOUND_ROOT, 'without permission', () => {
  const OPEN = fileURLToPath(new URL('../support/open-once.mjs', import.meta.url));
  const openAsOrdinaryUser = (file: string) => asOrdinaryUser(process.execPath, OPEN, file).stdout;

  test('a read-only file is refused, and left untouched', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'queue.db');
    await ourFile(file);
    const before = contents(folder);
    chmodSync(file, 0o444);
    expect(openAsOrdinaryUser(file)).toMatch(/^UserError: .*queue\.db cannot be written: give this user/);
    expect(contents(folder)).toEqual(before);
  });

  test('a new file in a read-only folder is refused', () => {
    const folder = join(scratchFolder(), 'folder');
    mkdirSync(folder, { mode: 0o555 });
    expect(openAsOrdinaryUser(join(folder, 'queue.db'))).toMatch(/^UserError: .* cannot be written/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
