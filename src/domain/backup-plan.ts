/** Backups that a server makes by itself. */
export interface BackupPlan {
  /** Where they are put; it is made when it is not there. */
  folder: string;
  everyHours: number;
  /** How many of the newest are kept; at least 1. */
  keep: number;
}
