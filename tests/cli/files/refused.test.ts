import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { onTestEnd, scratchFolder } from '../../support/cleanup.js';
import { asOrdinaryUser, BOUND_ROOT, canBeOrdinary, describeWhere } from '../../support/processes.js';
import { MAIN, TEST_HANDLERS } from '../../support/program.js';
import { mails, queueFile } from '../../support/sqlite.js';

function run(args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: 'utf8',
    cwd: '/',
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** What is run may read and write only what the modes of files let their owner. */
function refused(...args: string[]) {
  const { status, stdout, stderr } = asOrdinaryUser(process.execPath, MAIN, ...args);
  return { code: status, stdout, stderr };
}

/** One sentence on one line, and what it must say. */
function expectSentence({ code, stderr }: { code: number | null; stderr: string }, says: RegExp): void {
  expect(stderr).toMatch(/^spoolite: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(code).toBe(1);
}

/** Gives a folder this mode until the test ends: it could not be removed otherwise. */
function closeFolder(folder: string, mode: number): void {
  chmodSync(folder, mode);
  onTestEnd(() => chmodSync(folder, 0o755));
}

async function databaseFor(mode: number): Promise<string> {
  const file = await queueFile(mails(3));
  chmodSync(file, mode);
  return file;
}

describeWhere(canBeOrdinary, BOUND_ROOT, 'by a user who may not', () => {
  const copy = () => join(scratchFolder(), 'copy');

  const COMMANDS: [string, (database: string) => string[]][] = [
    ['doctor', (database) => ['doctor', '--database', database]],
    ['doctor --fix', (database) => ['doctor', '--fix', '--database', database]],
    ['export', (database) => ['export', '--database', database]],
    ['export to a file', (database) => ['export', copy(), '--database', database]],
    ['backup', (database) => ['backup', copy(), '--database', database]],
    ['keys list', (database) => ['keys', 'list', '--database', database]],
  ];

  test.each(COMMANDS)('read the database: %s names it', async (_, argsFor) => {
    const database = await databaseFor(0);
    expectSentence(refused(...argsFor(database)), /queue\.db cannot be (opened by this user|written)/);
  });

  test.each(COMMANDS)('write the database: %s says it in a sentence, if it must', async (_, argsFor) => {
    const database = await databaseFor(0o444);
    closeFolder(dirname(database), 0o555);
    const ran = refused(...argsFor(database));
    if (ran.code === 0 || ran.stdout.includes('permissions')) expect(ran.stderr).not.toMatch(/^ +at /m);
    else expectSentence(ran, /queue\.db cannot be (opened by this user|written)/);
  });

  test.each(COMMANDS)('enter the folder: %s names the database', async (_, argsFor) => {
    const database = await databaseFor(0o644);
    closeFolder(dirname(database), 0);
    expectSentence(refused(...argsFor(database)), /queue\.db/);
  });

  test('write the copy: backup and export name the copy', async () => {
    const database = await databaseFor(0o666);
    const folder = scratchFolder();
    closeFolder(folder, 0o555);
    const target = join(folder, 'copy');
    expectSentence(refused('backup', target, '--database', database), /^spoolite: \S+copy cannot be written/);
    expectSentence(refused('export', target, '--database', database), /^spoolite: \S+copy cannot be written/);
    expect(existsSync(target)).toBe(false);
  });

  test('read the file of tasks: import names it, and makes no database', async () => {
    const tasks = join(scratchFolder(), 'tasks.jsonl');
    writeFileSync(tasks, '', { mode: 0 });
    const database = copy();
    expectSentence(refused('import', tasks, '--database', database), /tasks\.jsonl cannot be read/);
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
