import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartupError } from '../../domain/startup-error.js';
import { orRefuseToRead } from './startup-refusal.js';

/** Makes the folder of a database file, where it is not there. Throws {@link StartupError}. */
export function makeFolderOf(file: string): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new StartupError(
      `The folder ${folder} cannot be made: create it, or name another file with --database.`,
      { cause },
    );
  }
}

/** Throws {@link StartupError} unless there is a database file to be read. */
export function assertThere(file: string): void {
  const stat = orRefuseToRead(file, () => statSync(file, { throwIfNoEntry: false }));
  if (!stat?.isFile()) throw new StartupError(`There is no database at ${file}.`);
}

/** Throws {@link StartupError} when there can be no database file of this name, or none that can be written. */
export function assertUsablePath(file: string): void {
  // The driver takes an empty name for a database that nobody sees again.
  if (file.trim() === '') throw new StartupError('The database has no name: name its file with --database.');
  const folder = dirname(file);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new StartupError(
      `The folder ${folder} does not exist: create it, or name another file with --database.`,
    );
  }
  if (!existsSync(file)) return;
  if (!statSync(file).isFile()) {
    throw new StartupError(`${file} is not a file: name the database file itself with --database.`);
  }
  // SQLite would open a read-only file, and say so at the first write only.
  accessSync(file, constants.W_OK);
}
