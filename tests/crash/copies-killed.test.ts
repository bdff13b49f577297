import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditDatabase } from '../../src/admin/file-tools.js';
import { scratchFolder } from '../support/cleanup.js';
import { Client } from '../support/client.js';
import { killedHalfway, spooliteRan, startServer } from '../support/program.js';
import { seededRandom } from '../support/queue-under-test.js';
import { idsIn, inFile, queueFile } from '../support/sqlite.js';

const SOUND = { damage: [], miscounts: [] };
const ROUNDS = 8;

/** Every round starts several processes, on a machine that may have others to see to. */
const LONG_MS = 300_000;

/** So many tasks that a command about them can be killed on its way. */
const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ payload: { at, fill: 'x'.repeat(300) } }));

const partsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.includes('.part'));

const hasPart = (folder: string) => () => partsIn(folder).length > 0;

test(
  'a backup that is killed leaves no file under its name that is not whole, and nothing that stays',
  async () => {
    const database = await queueFile(many(20_000));
    const folder = scratchFolder();
    const random = seededRandom(11);
    let killed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const copy = join(folder, 'copy.db');
      const args = ['backup', copy, '--database', database, '--force'];
      const { finished } = await killedHalfway(args, hasPart(folder), random() * 150);
      if (!finished) killed++;
      if (existsSync(copy)) expect(auditDatabase(copy)).toMatchObject(SOUND);
      expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
    }
    expect(killed).toBeGreaterThan(ROUNDS / 3);
    expect(
      (await spooliteRan(['backup', join(folder, 'copy.db'), '--database', database, '--force'])).code,
    ).toBe(0);
    expect(readdirSync(folder)).toEqual(['copy.db']);
  },
  LONG_MS,
);

test(
  'a restore that is killed leaves the old database or the new one, whole, and can be done again',
  async () => {
    const original = await queueFile(many(20_000));
    const backup = join(scratchFolder(), 'backup.db');
    expect((await spooliteRan(['backup', backup, '--database', original])).code).toBe(0);
    await queueFile(many(5), original);
    const random = seededRandom(12);
    const states: number[] = [];
    let killed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const database = join(scratchFolder(), 'queue.db');
      copyFileSync(original, database);
      const args = ['restore', backup, '--yes', '--database', database];
      const { finished } = await killedHalfway(args, hasPart(dirname(database)), random() * 500);
      if (!finished) killed++;
      expect(auditDatabase(database)).toMatchObject(SOUND);
      states.push(idsIn(database).length);
      expect((await spooliteRan(args)).code).toBe(0);
      expect(idsIn(database)).toHaveLength(20_000);
      // What was kept is kept under a name of its own.
      const kept = readdirSync(dirname(database)).filter((name) => name.includes('.before-restore-'));
      for (const name of kept) expect(inFile(join(dirname(database), name), countTasks)).toBeGreaterThan(0);
      expect(partsIn(dirname(database))).toEqual([]);
    }
    expect(killed).toBeGreaterThan(ROUNDS / 3);
    for (const count of states) expect([20_000, 20_005]).toContain(count);
  },
  LONG_MS,
);

const countTasks = (client: { prepare(sql: string): { pluck(): { get(): unknown } } }): number =>
  Number(client.prepare('select count(*) from tasks').pluck().get());

test('a second name that a killed restore has left is gone when a server starts', async () => {
  const database = await queueFile(many(3));
  const { linkSync } = await import('node:fs');
  const second = `${database}.before-restore-20250101T000000000Z.bak`;
  linkSync(database, second);
  const other = `${database}.before-restore-20240101T000000000Z.bak`;
  writeFileSync(other, 'an older one, which is a file of its own');
  await startServer(database);
  expect(existsSync(second)).toBe(false);
  expect(existsSync(other)).toBe(true);
});

test(
  'an import that is killed has whole batches in, and the same import again adds the rest',
  async () => {
    const source = await queueFile(many(6_000));
    const folder = scratchFolder();
    const file = join(folder, 'tasks.jsonl');
    expect((await spooliteRan(['export', file, '--database', source])).code).toBe(0);
    const random = seededRandom(13);
    let halfway = 0;
    for (let round = 0; round < 6; round++) {
      const database = join(folder, `queue-${round}.db`);
      const args = ['import', file, '--database', database];
      const enough = random() * 5_000;
      // The wake-up file is made once the tables are there.
      const isHalfway = () => existsSync(`${database}-wake`) && inFile(database, countTasks) > enough;
      await killedHalfway(args, isHalfway, random() * 20);
      expect(auditDatabase(database)).toMatchObject(SOUND);
      const count = idsIn(database).length;
      expect(count % 500).toBe(0);
      if (count > 0 && count < 6_000) halfway++;
      expect((await spooliteRan(args)).code).toBe(0);
      expect(idsIn(database)).toEqual(Array.from({ length: 6_000 }, (_, at) => at + 1));
      expect(auditDatabase(database)).toMatchObject(SOUND);
    }
    expect(halfway).toBeGreaterThan(0);
    const client = new Client((await startServer(join(folder, 'queue-0.db'))).url);
    expect(await client.enqueue('mail')).toBe(6_001);
  },
  LONG_MS,
);

test('what a killed backup has left beside it does not keep a database from being restored', async () => {
  const database = await queueFile(many(3));
  const backup = join(dirname(database), 'backup.db');
  expect((await spooliteRan(['backup', backup, '--database', database])).code).toBe(0);
  writeFileSync(`${database}.00000000-1.part`, 'of another machine, and new');
  expect((await spooliteRan(['restore', backup, '--yes', '--database', database])).code).toBe(0);
  expect(readdirSync(dirname(database))).toContain(`${basename(database)}.00000000-1.part`);
});
