import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PROJECT } from '../support/documentation.js';

const DRIVER = 'node_modules/better-sqlite3';
const COMPILED = 'build/Release/better_sqlite3.node';

/** The program in a folder of its own, with its dependencies, of which the driver has not been compiled. */
function installWithoutDriver(folder: string): void {
  for (const part of ['dist', 'drizzle', 'package.json']) {
    cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(PROJECT, 'node_modules'))) {
    if (name !== 'better-sqlite3' && !name.startsWith('.'))
      symlinkSync(join(PROJECT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  mkdirSync(join(folder, DRIVER));
  for (const part of ['lib', 'package.json'])
    cpSync(join(PROJECT, DRIVER, part), join(folder, DRIVER, part), { recursive: true });
}

const SENTENCE =
  /^The SQLite driver \(better-sqlite3\) is not built for this Node\.js \(v[^)]+\): .*"npm rebuild better-sqlite3".*"pnpm approve-builds".*yarn rebuild/;

/** Each opens a database by another way; what it throws is printed. */
const LIBRARY = `
  import { createApp, createQueue, createWorker } from './dist/index.js';
  const handlers = { add: () => 3 };
  for (const database of ['./q.db', ':memory:']) {
    for (const open of [createApp, createQueue, createWorker]) {
      try { open({ database, ...(open !== createQueue && { handlers }) }); console.log('opened') }
      catch ({ name, message }) { console.log(JSON.stringify({ name, message })) }
    }
  }`;

describe.each([
  ['missing', null],
  ['of another program', 'no shared library'],
])('a driver whose compiled file is %s', (_how, content) => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spoolite-driver-'));
    installWithoutDriver(folder);
    if (content === null) return;
    mkdirSync(join(folder, DRIVER, 'build/Release'), { recursive: true });
    writeFileSync(join(folder, DRIVER, COMPILED), content);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });

  test.each([
    ['serve', ['serve', '--port', '0']],
    ['work', ['work', '--handlers', './handlers.js']],
    ['keys', ['keys', 'create', '--name', 'me', '--scopes', 'admin']],
  ])('is one sentence from the command %s', (_name, args) => {
    writeFileSync(join(folder, 'handlers.js'), 'export default { add: () => 3 }');
    const { status, stderr } = run('dist/main.js', ...args, '--database', './q.db');
    expect(stderr).toMatch(/^spoolite: /);
    expect(stderr.slice('spoolite: '.length)).toMatch(SENTENCE);
    expect([status, stderr.trimEnd().split('\n').length]).toEqual([1, 1]);
  });

  test('is a UserError with the same sentence from the library', () => {
    const { stdout } = run('--input-type=module', '--eval', LIBRARY);
    const thrown = stdout.trim().split('\n');
    expect(thrown).toHaveLength(6);
    for (const line of thrown) {
      const { name, message } = JSON.parse(line);
      expect(name).toBe('UserError');
      expect(message).toMatch(SENTENCE);
    }
  });
});
