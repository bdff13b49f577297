import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { scratchFolder } from '../../support/cleanup.js';
import { MAIN, TEST_HANDLERS } from '../../support/program.js';
import { mails, queueFile } from '../../support/sqlite.js';

/** Somebody who is not the user of the server. */
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

/** Whether that user may run this program: its folder may be closed to others. */
const runsAsNobody =
  isRoot &&
  spawnSync(process.execPath, [MAIN, '--version'], { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0;
const testAsNobody = runsAsNobody ? test : test.skip;

function run(args: string[], user: { uid?: number; gid?: number } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    cwd: '/',
    timeout: 60_000,
    ...user,
  });
  return { code: status, stdout, stderr };
}

const asNobody = (...args: string[]) => run(args, { uid: NOBODY, gid: NOBODY });

/** One sentence on one line, and what it must say. */
function expectSentence({ code, stderr }: { code: number | null; stderr: string }, says: RegExp): void {
  expect(stderr).toMatch(/^spoolite: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(code).toBe(1);
}

/** A folder in which everybody may look around. */
function openFolder(): string {
  const folder = scratchFolder();
  chmodSync(folder, 0o755);
  return folder;
}

async function databaseFor(mode: number): Promise<string> {
  const file = await queueFile(mails(3));
  chmodSync(dirname(file), 0o755);
  chmodSync(file, mode);
  return file;
}

describe('by a user who may not', () => {
  const copy = () => {
    const folder = scratchFolder();
    chmodSync(folder, 0o777);
    return join(folder, 'copy');
  };

  const COMMANDS: [string, (database: string) => string[]][] = [
    ['doctor', (database) => ['doctor', '--database', database]],
    ['doctor --fix', (database) => ['doctor', '--fix', '--database', database]],
    ['export', (database) => ['export', '--database', database]],
    ['export to a file', (database) => ['export', copy(), '--database', database]],
    ['backup', (database) => ['backup', copy(), '--database', database]],
    ['keys list', (database) => ['keys', 'list', '--database', database]],
  ];

  testAsNobody.each(COMMANDS)('read the database: %s names it', async (_, argsFor) => {
    const database = await databaseFor(0o600);
    expectSentence(asNobody(...argsFor(database)), /queue\.db cannot be (opened by this user|written)/);
  });

  testAsNobody.each(COMMANDS)(
    'write the database: %s says it in a sentence, if it must',
    async (_, argsFor) => {
      const database = await databaseFor(0o644);
      const ran = asNobody(...argsFor(database));
      if (ran.code === 0 || ran.stdout.includes('permissions')) expect(ran.stderr).not.toMatch(/^ +at /m);
      else expectSentence(ran, /queue\.db cannot be (opened by this user|written)/);
    },
  );

  testAsNobody.each(COMMANDS)('enter the folder: %s names the database', async (_, argsFor) => {
    const database = await databaseFor(0o644);
    chmodSync(dirname(database), 0o700);
    expectSentence(asNobody(...argsFor(database)), /queue\.db/);
  });

  testAsNobody('write the copy: backup and export name the copy', async () => {
    const database = await databaseFor(0o666);
    chmodSync(dirname(database), 0o777);
    const target = join(openFolder(), 'copy');
    expectSentence(
      asNobody('backup', target, '--database', database),
      /^spoolite: \S+copy cannot be written/,
    );
    expectSentence(
      asNobody('export', target, '--database', database),
      /^spoolite: \S+copy cannot be written/,
    );
    expect(existsSync(target)).toBe(false);
  });

  testAsNobody('read the file of tasks: import names it, and makes no database', async () => {
    const tasks = join(openFolder(), 'tasks.jsonl');
    writeFileSync(tasks, '', { mode: 0o600 });
    const database = copy();
    expectSentence(asNobody('import', tasks, '--database', database), /tasks\.jsonl cannot be read/);
    expect(existsSync(database)).toBe(false);
  });
});

describe('no database', () => {
  const COMMANDS: [string, string[]][] = [
    ['doctor', ['doctor']],
    ['doctor --fix', ['doctor', '--fix']],
    ['export', ['export']],
    ['backup', ['backup', 'copy.db']],
  ];

  test.each(COMMANDS)('%s of a name where there is none', (_, args) => {
    const database = join(scratchFolder(), 'queue.db');
    expectSentence(run([...args, '--database', database]), /There is no database at \S+queue\.db/);
    expect(existsSync(database)).toBe(false);
  });

  test.each(COMMANDS)('%s of a folder', (_, args) => {
    const folder = scratchFolder();
    expectSentence(run([...args, '--database', folder]), /There is no database at/);
  });

  test.each([
    ['export', ['export']],
    ['backup', ['backup', 'copy.db']],
    ['import', ['import', '-']],
  ])('%s of a text', (_, args) => {
    const database = join(scratchFolder(), 'queue.db');
    writeFileSync(database, 'Dear diary,\n'.repeat(1000));
    const copy = join(scratchFolder(), 'copy.db');
    const ran = run([...args.map((arg) => (arg === 'copy.db' ? copy : arg)), '--database', database]);
    expectSentence(ran, /queue\.db is not a SQLite database|standard input, line 1/);
    expect(readFileSync(database, 'utf8')).toContain('Dear diary');
  });
});

describe('a file that was rebuilt from a dump', () => {
  const MARK = /pragma application_id = 1397772111/;

  /** What `.dump` keeps is all but the application id. */
  async function rebuilt(): Promise<string> {
    const file = await queueFile(mails(3));
    const client = new Database(file);
    client.pragma('application_id = 0');
    client.close();
    return file;
  }

  test.each([
    ['export', ['export']],
    ['backup', ['backup', 'copy.db']],
    ['import', ['import', '-']],
    ['keys', ['keys', 'list']],
    ['a worker', ['work', '--handlers', TEST_HANDLERS]],
    ['a server', ['serve', '--port', '0']],
  ])('%s says how to put the mark back', async (_, args) => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'copies'));
    const file = await rebuilt();
    const tasks = join(folder, 'tasks.jsonl');
    run(['export', tasks, '--database', await queueFile(mails(1))]);
    const given = args.map((arg) =>
      arg === '-' ? tasks : arg === 'copy.db' ? join(folder, 'copies/c') : arg,
    );
    const { stderr, code } = run([...given, '--database', file]);
    expect(stderr).toMatch(MARK);
    expect(code).toBe(1);
  });

  test('what it says mends the file', async () => {
    const file = await rebuilt();
    const { stderr } = run(['export', '--database', file]);
    const [, pragma] = /'pragma (application_id = \d+)'/.exec(stderr) as RegExpExecArray;
    const client = new Database(file);
    client.pragma(pragma as string);
    client.close();
    expect(run(['export', '--database', file])).toMatchObject({ code: 0 });
  });

  test('a file of another program with tables of its own is still refused without such advice', () => {
    const file = join(scratchFolder(), 'notes.db');
    const client = new Database(file);
    client.exec('create table tasks (text); create table queue_state (text)');
    client.close();
    const { stderr } = run(['export', '--database', file]);
    expect(stderr).toMatch(/belongs to another program/);
    expect(stderr).not.toMatch(MARK);
  });
});
