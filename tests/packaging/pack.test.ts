import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { PROJECT } from '../support/documentation.js';

interface Packed {
  size: number;
  unpackedSize: number;
  files: { path: string; mode: number }[];
}

let packed: Packed;
let paths: string[];

beforeAll(() => {
  // What there is was built before the tests.
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const json = execFileSync('npm', args, {
    cwd: PROJECT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  [packed] = JSON.parse(json) as [Packed];
  paths = packed.files.map(({ path }) => path);
});

/** The files in a folder of the project, by their paths in it. */
const within = (folder: string): string[] =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(PROJECT, path)).isFile());

test('beside the program there is only what belongs to it', () => {
  const others = paths.filter((path) => !path.startsWith('dist/'));
  expect(others.sort()).toEqual(
    [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      ...within('drizzle').filter((path) => /\.sql$|_journal\.json$/.test(path)),
      ...within('examples'),
      'package.json',
    ].sort(),
  );
});

test('of the program there is everything but source maps, whose sources are not there', () => {
  const built = within('dist').filter((path) => !/\.map$|\/\.complete$/.test(path));
  expect(paths.filter((path) => path.startsWith('dist/')).sort()).toEqual(built.sort());
  const kinds = new Set(built.map((path) => path.slice(path.lastIndexOf('.'))));
  expect([...kinds].sort()).toEqual(['.css', '.html', '.js', '.json', '.svg', '.ts', '.txt']);
});

test('its program can be run as it is', () => {
  const main = packed.files.find(({ path }) => path === 'dist/main.js');
  expect((main?.mode ?? 0) & 0o111).toBe(0o111);
  expect(statSync(join(PROJECT, 'dist/main.js')).mode & 0o111).toBe(0o111);
});

test('it is not large', () => {
  const MB = 1024 * 1024;
  expect(packed.size).toBeLessThan(1.4 * MB);
  expect(packed.unpackedSize).toBeLessThan(5 * MB);
});
