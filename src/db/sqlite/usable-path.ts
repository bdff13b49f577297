import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../core/errors.js';
import { orRefuseToRead } from './startup-refusal.js';

/** Makes the folder of a database file, where it is not there. Throws {@link UserError}. */
export function makeFolderOf(file: string): void {
  const folder = dirname(file);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new UserError(
      `The folder ${folder} cannot be made: create it, or name another file with --database.`,
      { cause },
    );
  }
}

/** Throws {@link UserError} unless there is a database file to be read. */
export function assertThere(file: string): void {
  const stat = orRefuseToRead(file, () => statSync(file, { throwIfNoEntry: false }));
  if (!stat?.isFile()) throw new UserError(`There is no database at ${file}.`);
}

/** Throws {@link UserError} when there can be no database file of this name, or none that can be written. */
export function assertUsablePath(file: string): void {
  // The driver takes an empty name for a database that nobody sees again.
  if (file.trim() === '') throw new UserError('The database has no name: name its file with --database.');
  const folder = dirname(file);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new UserError(
      `The folder ${folder} does not exist: create it, or name another file with --database.`,
    );
  }
  if (!existsSync(file)) return;
  if (!statSync(file).isFile()) {
    throw new UserError(`${file} is not a file: name the database file itself with --database.`);
  }
  // SQLite would open a read-only file, and say so at the first write only.
  accessSync(file, constants.W_OK);
}
