/** One truth for the program and the library. */
export const BACKUP_LIMITS = Object.freeze({
  /** From a minute to about four years; less often is never. */
  everyHours: { min: 1 / 60, max: 35_000 },
  /** A program may ask for one every second. */
  programEveryHours: { min: 1 / 3600, max: 35_000 },
  keep: { min: 1, max: 10_000, integer: true },
});

/** Backups that a server makes by itself. */
export interface BackupPlan {
  /** Where they are put; it is made when it is not there. */
  folder: string;
  everyHours: number;
  /** How many of the newest are kept; at least 1. */
  keep: number;
}
