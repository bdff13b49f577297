import { UserError } from '../../../core/errors.js';
import { TimedNames } from '../../../db/sqlite/copies/timed-names.js';
import { refusalOf } from '../../../db/sqlite/startup-refusal.js';
import { assertUndamaged } from './assert-sound.js';
import { makeTimedBackup } from './make-backup.js';

/** How many such copies are kept beside the database. */
const KEPT = 3;

/**
 * Copies a database beside itself before its schema is changed, for somebody who holds its write lock: what is copied is
 * what is changed. `at` is the time of the copy's name, in milliseconds since 1970 UTC. Returns that name. Throws
 * {@link UserError} when it cannot be made.
 */
export function backUpBeforeUpgrade(database: string, at: number): string {
  try {
    const base = `${database}.before-upgrade`;
    // Wrong counters are no reason to stay with the old version: only the new one could put them right.
    const making = { database, base, examine: assertUndamaged };
    return makeTimedBackup(making, new TimedNames(`${base}-`, '.bak'), KEPT, at).file;
  } catch (error) {
    const reason = refusalOf(database, error);
    if (!(reason instanceof UserError)) throw reason;
    throw new UserError(
      `${database} has to be brought to this version of Spoolite, and could not be copied before. ${reason.message} ` +
        'Or have it brought there without a copy: --upgrade-without-backup.',
      { cause: error },
    );
  }
}
