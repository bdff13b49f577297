import { chmodSync, copyFileSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditDatabase } from '../../../src/admin/file-tools.js';
import { scratchFolder } from '../../support/cleanup.js';
import { spooliteRan } from '../../support/program.js';
import { idsIn, inFile, mails, queueFile } from '../../support/sqlite.js';

const backup = (database: string, ...args: string[]) =>
  spooliteRan(['backup', '--database', database, ...args]);

const SOUND = { damage: [], miscounts: [] };

test('a backup is the queue in one file, which only this user may read, and is told of', async () => {
  const database = await queueFile(mails(3));
  chmodSync(database, 0o644);
  const copy = join(scratchFolder(), 'copy.db');
  const { code, stdout } = await backup(database, copy);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/copy\.db: 3 tasks, \d+ kB, /) });
  expect(readdirSync(dirname(copy))).toEqual(['copy.db']);
  expect(statSync(copy).mode & 0o777).toBe(0o600);
  expect(auditDatabase(copy)).toMatchObject(SOUND);
  expect(idsIn(copy)).toEqual([1, 2, 3]);
});

test('--json says what was made', async () => {
  const database = await queueFile(mails(2));
  const copy = join(scratchFolder(), 'copy.db');
  const { stdout } = await backup(database, copy, '--json');
  const { size } = statSync(copy);
  expect(JSON.parse(stdout)).toEqual({ database, backup: copy, bytes: size, tasks: 2, removed: [] });
});

test('a file that is there is replaced with --force only', async () => {
  const database = await queueFile(mails(2));
  const copy = await queueFile(mails(7));
  const refused = await backup(database, copy);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('overwrite it with --force') });
  expect(idsIn(copy)).toHaveLength(7);
  expect((await backup(database, copy, '--force')).code).toBe(0);
  expect(idsIn(copy)).toHaveLength(2);
});

test('a name under which a program works, or was killed, is refused even with --force', async () => {
  const database = await queueFile(mails(1));
  const copy = join(scratchFolder(), 'copy.db');
  writeFileSync(`${copy}-wal`, 'the newest writes of something else');
  const { code, stderr } = await backup(database, copy, '--force');
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('copy.db-wal') });
  expect(readdirSync(dirname(copy))).toEqual(['copy.db-wal']);
});

test('the database itself is no name for its copy, whichever way it is called', async () => {
  const database = await queueFile(mails(1));
  const detour = join(dirname(database), '..', database.split('/').at(-2) as string, 'queue.db');
  for (const name of [database, detour]) {
    const { code, stderr } = await backup(database, name, '--force');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is the database itself') });
  }
  expect(idsIn(database)).toEqual([1]);
});

test('--rotate keeps the newest of its own, and touches nothing else', async () => {
  const database = await queueFile(mails(1));
  const folder = scratchFolder();
  const others = [
    'daily.db',
    'daily-20200101T000000000Z.txt',
    'daily-20209999T000000000Z.db',
    'daily-2020.db',
    'other-20200101T000000000Z.db',
    'daily-20200101T000000000Z.db',
  ];
  // The last one has the right name, but is nothing that a backup has made.
  for (const name of others) writeFileSync(join(folder, name), 'not ours');
  copyFileSync(database, join(folder, 'daily-20200101T000000001Z.db'));
  for (let round = 0; round < 3; round++)
    expect((await backup(database, join(folder, 'daily.db'), '--rotate', '2')).code).toBe(0);
  const left = readdirSync(folder).filter((name) => !others.includes(name));
  expect(left).toEqual([1, 2].map(() => expect.stringMatching(/^daily-20[2-9]\d{5}T\d{9}Z\.db$/)));
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(others));
});

test('what a killed backup has left is removed by the next one; what another makes is not', async () => {
  const database = await queueFile(mails(1));
  const folder = scratchFolder();
  const { machine, pid } = await leftByEnded(folder);
  const own = `copy.db.${machine}-${process.pid}.part`;
  writeFileSync(join(folder, `copy.db.${machine}-${pid}.part`), 'half');
  writeFileSync(join(folder, own), 'of a process that lives');
  expect((await backup(database, join(folder, 'copy.db'))).code).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['copy.db', own]);
});

/** How this machine is called in such names, and the number of a process that has ended. */
async function leftByEnded(folder: string): Promise<{ machine: string; pid: number }> {
  const { partOf } = await import('../../../src/admin/new-file.js');
  const [, machine = ''] = /\.([0-9a-f]{8})-\d+\.part$/.exec(partOf(join(folder, 'copy.db'))) ?? [];
  const { spawnSync } = await import('node:child_process');
  return { machine, pid: spawnSync('true').pid };
}

test('what cannot be copied is said, and nothing is left', async () => {
  const folder = scratchFolder();
  const copy = join(folder, 'copy.db');
  const broken = await queueFile(mails(3));
  inFile(broken, (client) => client.exec('update queue_state set queued = 9'));
  const text = join(scratchFolder(), 'text.db');
  writeFileSync(text, 'no database at all, but a text that is long enough to be taken for one');
  for (const [database, reason] of [
    [join(folder, 'none.db'), /There is no database at/],
    [text, /is not a SQLite database/],
    [broken, /is not intact: the count of tasks queued is wrong.*doctor/],
  ] as const) {
    const { code, stderr } = await backup(database, copy);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(reason) });
  }
  const elsewhere = await backup(broken, join(folder, 'no', 'copy.db'));
  expect(elsewhere.stderr).toMatch(/The folder .* does not exist/);
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(copy)).toBe(false);
});
