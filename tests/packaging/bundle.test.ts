import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { build, type Format } from 'esbuild';
import { scratchFolder } from '../support/cleanup.js';
import { PROJECT } from '../support/documentation.js';

/** A user's server, which a bundler only loads, and node runs. */
const SERVER = `
  import { createApp } from 'spoolite';
  async function main() {
    const app = createApp({ database: './q.db', handlers: { add: () => 3 } });
    const url = await app.start({ port: 0 });
    const { taskId } = await app.queue.enqueue({ type: 'add', payload: {} });
    const { result } = await app.queue.waitFor(taskId);
    console.log(JSON.stringify({ result, page: (await fetch(url)).status, docs: (await fetch(url + '/docs')).status }));
    await app.stop();
  }
  main().catch(({ name, message }) => console.log(JSON.stringify({ name, message })));`;

/** Packages in CommonJS, of which a bundle in ES form would have no `require`. */
const BANNER = `import { createRequire as cr } from 'node:module'; const require = cr(import.meta.url);`;

let folder: string;

beforeEach(() => {
  folder = scratchFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(PROJECT, 'node_modules/better-sqlite3'), join(folder, 'node_modules/better-sqlite3'));
});

const install = () => symlinkSync(PROJECT, join(folder, 'node_modules/spoolite'));

async function bundle(format: Format): Promise<string> {
  writeFileSync(join(folder, 'server.js'), SERVER);
  const outfile = join(folder, format === 'esm' ? 'out.mjs' : 'out.cjs');
  await build({
    entryPoints: [join(folder, 'server.js')],
    alias: { spoolite: join(PROJECT, 'dist/index.js') },
    outfile,
    format,
    bundle: true,
    platform: 'node',
    external: ['better-sqlite3'],
    banner: format === 'esm' ? { js: BANNER } : {},
    logLevel: 'error',
  });
  return outfile;
}

function run(file: string) {
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
  return stdout ? JSON.parse(stdout) : stderr;
}

describe.each(['esm', 'cjs'] as const)(
  'a server that was bundled with the package in it, in %s form',
  (format) => {
    test('finds the files of the installed package when it uses them', async () => {
      const file = await bundle(format);
      install();
      expect(run(file)).toEqual({ result: 3, page: 200, docs: 200 });
    });

    test('says in one sentence that they are missing where nothing is installed', async () => {
      const thrown = run(await bundle(format));
      expect(thrown.name).toBe('UserError');
      expect(thrown.message).toMatch(/^Spoolite was bundled.*mark it external/);
    });
  },
);
