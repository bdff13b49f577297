import { mkdirSync, readdirSync, realpathSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openSqliteStorage } from '../../src/app/open-sqlite-storage.js';
import { systemClock } from '../../src/core/clock.js';
import { databasePath } from '../../src/db/sqlite/database-file.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { newTask } from '../support/queue-under-test.js';

const open = (file: string) => {
  const storage = openSqliteStorage({ file, durability: 'full', clock: systemClock, random: Math.random });
  onTestEnd(() => storage.close());
  return storage;
};

const newFile = () => join(realpathSync(scratchFolder()), 'queue.db');

test.each([' ', '\r', '\r\n', '\t'])(
  'white space around the name (%j) leads to the same file',
  async (space) => {
    const file = newFile();
    const storage = open(`${file}${space}`);
    await storage.repositories.tasks.enqueue(newTask());
    expect(readdirSync(dirname(file)).filter((name) => /\s/.test(name))).toEqual([]);
    expect(await storage.check()).toEqual({ database: 'ok', writer: 'ok' });
    renameSync(file, `${file}-away`);
    await expect(storage.repositories.tasks.enqueue(newTask())).rejects.toMatchObject({ code: 'NOT_READY' });
    expect((await storage.check()).database).toMatch(/was deleted or replaced/);
  },
);

test('a link leads to the side files of the file itself', async () => {
  const file = newFile();
  const direct = open(file);
  const folder = scratchFolder();
  symlinkSync(file, join(folder, 'link.db'));
  const linked = open(join(folder, 'link.db'));
  const told = new Promise<void>((resolve) => {
    onTestEnd(direct.onCommit(resolve));
  });
  await linked.repositories.tasks.enqueue(newTask());
  await told;
  expect(readdirSync(folder)).toEqual(['link.db']);
});

test('a link to a file that is not there yet, and a folder that is a link, lead to the same name later', () => {
  const file = newFile();
  const folder = scratchFolder();
  symlinkSync(file, join(folder, 'link.db'));
  expect(databasePath(join(folder, 'link.db'))).toBe(file);
  mkdirSync(join(dirname(file), 'deep'));
  symlinkSync(dirname(file), join(folder, 'data'));
  expect(databasePath(join(folder, 'data', 'deep', 'other.db'))).toBe(
    join(dirname(file), 'deep', 'other.db'),
  );
  expect(databasePath(join(folder, 'data', 'new', 'other.db'))).toBe(join(dirname(file), 'new', 'other.db'));
});

test('links in a circle lead nowhere, and that is said', () => {
  const folder = scratchFolder();
  symlinkSync(join(folder, 'b.db'), join(folder, 'a.db'));
  symlinkSync(join(folder, 'a.db'), join(folder, 'b.db'));
  expect(() => open(join(folder, 'a.db'))).toThrow(/a\.db|b\.db/);
});

test('a database in memory is one, whatever stands around its name', () => {
  expect(databasePath(' :memory: ')).toBe(':memory:');
  expect(databasePath(' ')).toBe('');
});
