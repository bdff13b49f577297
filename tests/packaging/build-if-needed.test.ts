import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { PROJECT } from '../support/documentation.js';

/** A checkout whose build leaves a mark; what is in it was changed long ago. */
function checkout() {
  const folder = scratchFolder();
  for (const name of ['src', 'dist']) mkdirSync(join(folder, name));
  const build = `node -e "fs.writeFileSync('built','')"`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { build } }));
  writeFileSync(join(folder, 'src/main.ts'), '');
  writeFileSync(join(folder, 'dist/.complete'), '');
  const changed = (name: string, at: number) => utimesSync(join(folder, name), at, at);
  for (const name of ['src', 'src/main.ts', 'package.json']) changed(name, 1000);
  changed('dist/.complete', 2000);
  /** Whether `npm start` would build now. */
  const builds = () => {
    rmSync(join(folder, 'built'), { force: true });
    execFileSync(process.execPath, [join(PROJECT, 'scripts/build-if-needed.js')], {
      cwd: folder,
      stdio: 'pipe',
    });
    return existsSync(join(folder, 'built'));
  };
  return { folder, changed, builds };
}

test('nothing is built while nothing has changed', () => {
  expect(checkout().builds()).toBe(false);
});

test.each(['src/main.ts', 'src', 'package.json'])('a change of %s is built', (name) => {
  const { changed, builds } = checkout();
  changed(name, 3000);
  expect(builds()).toBe(true);
});

test('a build that did not come to its end is done again', () => {
  const { folder, builds } = checkout();
  rmSync(join(folder, 'dist/.complete'));
  expect(builds()).toBe(true);
});
