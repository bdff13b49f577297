import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from './errors.js';

const PACKAGE = 'spoolite';

/**
 * Not used in `new URL()` directly: bundlers would take the file for one of their assets. Undefined in a CommonJS
 * bundle.
 */
const here: string | undefined = import.meta.url;

function manifestIn(folder: string): { name?: unknown; version?: unknown } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return {};
  }
}

/** The package folder around the file; null in a program that bundles this module. */
function enclosing(file: string): string | null {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (manifestIn(folder).name === PACKAGE) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** The package folder as resolved from a program at `file`; null if it is not installed. */
function installed(file: string): string | null {
  try {
    return dirname(createRequire(file).resolve(`${PACKAGE}/package.json`));
  } catch {
    return null;
  }
}

function findPackageRoot(): string {
  const self = here?.startsWith('file:') ? fileURLToPath(here) : undefined;
  const beside = self && enclosing(self);
  if (beside) return beside;
  for (const file of [self, process.argv[1], join(process.cwd(), 'program.js')]) {
    const found = file && installed(file);
    if (found) return found;
  }
  throw new UserError(
    'Spoolite was bundled, and its own files are not there: leave "spoolite" out of the bundle (mark it external), and ' +
      'install it where the program runs.',
  );
}

let root: string | undefined;

/**
 * The path of a file or folder of this package, such as `drizzle/sqlite`. Looked up on first use and never on import: a bundler
 * loads modules to see what they export. Throws {@link UserError} when the package's files are not there.
 */
export function packageFile(path: string): string {
  root ??= findPackageRoot();
  return join(root, path);
}

/** The version in the package's manifest. Throws {@link UserError} as `packageFile` does. */
export const packageVersion = (): string => String(manifestIn(packageFile('.')).version);
