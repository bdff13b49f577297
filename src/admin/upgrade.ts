import { UserError } from '../core/errors.js';
import { type Durability, openForWriting } from '../db/sqlite/connection.js';
import { toUserError } from '../db/sqlite/errors.js';
import { migrate } from '../db/sqlite/migrate.js';
import { assertUndamaged, makeTimestampedBackup } from './backup.js';
import { TimestampedNames } from './timestamped-names.js';

export interface UpgradeOptions {
  file: string;
  durability: Durability;
  /** Called with the name of the copy made before an older file is upgraded; null: upgrade without one. */
  onUpgradeBackup?: ((copy: string) => void) | null | undefined;
}

/** Creates a database file, or upgrades an older one after copying it. Throws `UserError`. */
export function upgradeSqliteFile({ file, durability, onUpgradeBackup }: UpgradeOptions): void {
  const { client } = openForWriting(file, durability);
  try {
    migrate(client, () => {
      if (onUpgradeBackup === null) return;
      const copy = backUpBeforeUpgrade(file, Date.now());
      onUpgradeBackup?.(copy);
    });
  } finally {
    client.close();
  }
}

/** Copies kept beside the database. */
const KEPT = 3;

/**
 * Copies a database beside itself before its schema is changed. The caller holds its write lock, so that the copy
 * equals what is changed. `at` is the time for its name, in milliseconds since 1970 UTC. Returns that name. Throws
 * {@link UserError} if it cannot be made.
 */
export function backUpBeforeUpgrade(database: string, at: number): string {
  try {
    const base = `${database}.before-upgrade`;
    // Wrong counters must not prevent the upgrade: only the new version can repair them.
    const making = { database, base, verify: assertUndamaged };
    return makeTimestampedBackup(making, new TimestampedNames(`${base}-`, '.bak'), KEPT, at).file;
  } catch (error) {
    const reason = toUserError(database, error);
    if (!(reason instanceof UserError)) throw reason;
    throw new UserError(
      `${database} must be upgraded to this version of Spoolite, but could not be backed up first. ${reason.message} ` +
        'Or upgrade it without a backup: --skip-upgrade-backup.',
      { cause: error },
    );
  }
}
