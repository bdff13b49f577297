import { copySqliteFile } from '../../../db/sqlite/copies/copy-sqlite-file.js';
import { refusalOf } from '../../../db/sqlite/startup-refusal.js';
import { saysDamaged } from '../find-damage.js';

const isAboutReading = (error: unknown): boolean =>
  saysDamaged(error) ||
  /^SQLITE_(BUSY|IOERR_(READ|SHORT_READ|LOCK))/.test(String((error as { code?: unknown }).code));

/**
 * Copies a database into `part`, on its way to being `target`. Throws `StartupError`: what is wrong with the database is said
 * of that, and not of the file that its copy would have been.
 */
export function copyOrRefuse(database: string, part: string, target: string): void {
  try {
    copySqliteFile(database, part);
  } catch (error) {
    throw refusalOf(isAboutReading(error) ? database : target, error);
  }
}
