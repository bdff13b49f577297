import { type Durability, openForWriting } from '../../db/sqlite/connection.js';
import { migrate } from '../../db/sqlite/migrate.js';
import { backUpBeforeUpgrade } from './copies/back-up-before-upgrade.js';

export interface UpgradeOptions {
  file: string;
  durability: Durability;
  /** Is told the name of the copy that is made before an older file is changed; null has it changed without one. */
  onUpgradeBackup?: ((copy: string) => void) | null | undefined;
}

/** Makes a database file, or brings an older one to this version after it was copied. Throws `StartupError`. */
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
