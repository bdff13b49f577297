import Database from 'better-sqlite3';
import { UserError } from '../../core/errors.js';

/** How to build the driver, which is compiled code, by whatever has installed it. */
const HOW =
  'with npm, run "npm rebuild better-sqlite3"; with pnpm, "pnpm approve-builds", then "pnpm rebuild better-sqlite3"; with Yarn, ' +
  '"yarn rebuild better-sqlite3" once package.json has "dependenciesMeta": {"better-sqlite3": {"built": true}}; with Bun, ' +
  '"bun pm trust better-sqlite3"; with Deno, "deno install --allow-scripts=npm:better-sqlite3".';

/** `bindings`, which looks for the compiled file, throws the one; Node.js, which loads it, the other. */
const isNotBuilt = ({ code, message }: NodeJS.ErrnoException): boolean =>
  code === 'ERR_DLOPEN_FAILED' || message.startsWith('Could not locate the bindings file');

function notBuilt(cause: unknown): UserError {
  const { version, versions, platform, arch } = process;
  const sentence = versions.bun
    ? 'Bun cannot load the SQLite driver (better-sqlite3): run Spoolite with Node.js.'
    : `The SQLite driver (better-sqlite3) is not built for this Node.js (${version}, ${platform} ${arch}): ${HOW}`;
  return new UserError(sentence, { cause });
}

/** Opens a database file with the driver. Throws {@link UserError} where the driver is not built, else what the driver throws. */
export function openDatabase(file: string, options: Database.Options): Database.Database {
  try {
    return new Database(file, options);
  } catch (error) {
    throw error instanceof Error && isNotBuilt(error) ? notBuilt(error) : error;
  }
}
