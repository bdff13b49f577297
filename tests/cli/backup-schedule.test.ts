import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { auditDatabase } from '../../src/admin/file-tools.js';
import { SqliteBackupMaker } from '../../src/admin/scheduled-backup.js';
import { createApp, UserError } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { MAIN, Program, spooliteRan, startServer } from '../support/program.js';
import { idsIn, mails, queueFile } from '../support/sqlite.js';
import { memoryLogger } from '../support/telemetry.js';
import { eventually } from '../support/waiting.js';

const NAME = /^queue-\d{8}T\d{9}Z\.db$/;

const backupsIn = (folder: string): string[] => readdirSync(folder).filter((name) => NAME.test(name));

test('a server makes a backup when none is there, tells of it, and a restarted one does not make another', async () => {
  const database = await queueFile(mails(3));
  const folder = join(scratchFolder(), 'made', 'by', 'itself');
  const args = ['--backup-folder', folder, '--log-format', 'json'];
  const { program } = await startServer(database, ...args);
  const [, line = ''] = await program.says(/^(.*"msg":"made a backup".*)$/m);
  const [name = ''] = backupsIn(folder);
  expect(JSON.parse(line)).toMatchObject({ level: 30, file: join(folder, name), tasks: 3, removed: [] });
  expect(idsIn(join(folder, name))).toEqual([1, 2, 3]);
  program.signal('SIGTERM');
  await program.exited;

  const again = await startServer(database, ...args);
  const { stdout } = await doctor(database, folder);
  expect(stdout).toMatch(/^ok {7}backups .*the newest is 0 h old, and one is expected every 24 h$/m);
  expect(backupsIn(folder)).toEqual([name]);
  again.program.signal('SIGTERM');
  await again.program.exited;
  expect(again.program.output).not.toContain('made a backup');
});

async function doctor(database: string, folder: string) {
  const env = { SPOOLITE_BACKUP_FOLDER: folder, SPOOLITE_DATABASE: database };
  const program = new Program(process.execPath, [MAIN, 'doctor'], env);
  const { code } = await program.exited;
  return { code, stdout: program.stdout };
}

test('several processes and servers on one file make one backup', async () => {
  const database = await queueFile(mails(3));
  const folder = scratchFolder();
  const args = ['--backup-folder', folder, '--log-format', 'json'];
  const servers = await Promise.all([
    startServer(database, ...args, '--processes', '3'),
    startServer(database, ...args),
  ]);
  await eventually(() => backupsIn(folder).length > 0);
  for (const { program } of servers) {
    program.signal('SIGTERM');
    await program.exited;
  }
  expect(backupsIn(folder)).toHaveLength(1);
  const output = servers.map(({ program }) => program.output).join('');
  expect(output.match(/made a backup/g)).toHaveLength(1);
  expect(output).not.toContain('"level":50');
});

test('of those that want to make the same backup at once one does, and none makes another before its time', async () => {
  const database = await queueFile(mails(500));
  const folder = scratchFolder();
  const now = Date.UTC(2026, 0, 1);
  const makers = Array.from(
    { length: 4 },
    () => new SqliteBackupMaker(database, { folder, intervalHours: 1, keep: 5 }),
  );
  const makeAll = (at: number) => Promise.all(makers.map((maker) => maker.make(at)));
  const made = (await makeAll(now)).filter((backup) => backup !== null);
  expect(made.map(({ file, tasks }) => ({ file, tasks }))).toEqual([
    { file: join(folder, 'queue-20260101T000000000Z.db'), tasks: 500 },
  ]);
  expect(await makeAll(now + 3_599_000)).toEqual([null, null, null, null]);
  expect((await makeAll(now + 3_600_000)).filter((backup) => backup !== null)).toHaveLength(1);
  expect(await makers[0]?.newest(now + 3_600_000)).toBe(now + 3_600_000);
});

/** An app whose backups are due every second. */
function oftenBackedUp(database: string, folder: string) {
  const logger = memoryLogger();
  const app = createApp({ database, logger, backups: { folder, intervalHours: 1 / 3600, keep: 2 } });
  onTestEnd(() => app.stop());
  return { app, logger };
}

test('backups go on, only the newest are kept, and the server answers meanwhile', async () => {
  const database = await queueFile(mails(2));
  const folder = scratchFolder();
  const { app } = oftenBackedUp(database, folder);
  const address = await app.start({ port: 0 });
  const seen = new Set<string>();
  await eventually(async () => {
    for (const name of backupsIn(folder)) seen.add(name);
    expect((await fetch(`${address}/api/health`)).status).toBe(200);
    return seen.size >= 5;
  });
  await app.stop();
  const left = backupsIn(folder).sort();
  // One that was stopped may have been about to delete the oldest.
  expect(left.length).toBeLessThanOrEqual(3);
  expect(left.at(-1)).toBe([...seen, ...left].sort().at(-1));
  expect(auditDatabase(join(folder, left.at(-1) as string))).toMatchObject({ damage: [], miscounts: [] });
});

test('a backup that fails is an error in the log, is tried again, and doctor sees it', async () => {
  const database = await queueFile(mails(2));
  const folder = join(scratchFolder(), 'backups');
  // A file where the folder should be.
  writeFileSync(folder, '');
  const { app, logger } = oftenBackedUp(database, folder);
  await app.start({ port: 0 });
  await eventually(() => logger.lines.some(({ msg }) => msg === 'the backup failed, retrying'));
  const failed = logger.lines.find(({ msg }) => msg === 'the backup failed, retrying');
  expect(failed).toMatchObject({ level: 50, err: { message: expect.stringContaining('backups') } });
  rmSync(folder);
  mkdirSync(folder);
  const { stdout } = await doctor(database, join(folder, 'none'));
  expect(stdout).toMatch(/^warning {2}backups .*there is none in .*To do: look for "the backup failed"/m);
  await eventually(() => backupsIn(folder).length > 0);
});

test('a database in memory has none', async () => {
  const backups = { folder: scratchFolder(), intervalHours: 1, keep: 1 };
  expect(() => createApp({ database: ':memory:', backups })).toThrow(UserError);
  const { code, stderr } = await spooliteRan(['backup', 'x.db', '--database', ':memory:']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('in memory') });
});
