/** Builds the checkout in the working directory, unless there is a complete build that is newer than everything it was made from. */
import { execSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCES = ['src', 'scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'vite.config.ts'];

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Folders count too: one changes when a file in it is deleted. */
const within = (path) =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory()
    ? [path, ...readdirSync(path, { recursive: true }).map((name) => join(path, name))]
    : [path];

// The mark that a build leaves at its end. The package has no sources, and is built.
const isNeeded =
  existsSync('src') && SOURCES.flatMap(within).some((path) => changedAt(path) > changedAt('dist/.complete'));

if (isNeeded) execSync('npm run build', { stdio: 'inherit' });
