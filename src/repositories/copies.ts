/** A copy of a database that was found sound. */
export interface Backup {
  file: string;
  bytes: number;
  tasks: number;
  /** Older copies that were deleted for it. */
  removed: string[];
}

export interface BackupOptions {
  /** The database file. */
  database: string;
  /** What the copy is called. */
  file: string;
  /** Replace a file that is there. */
  force?: boolean | undefined;
  /** Put the time into the copy's name, and delete all but so many of the newest; at least 1. */
  rotate?: number | undefined;
}

export interface RestoreOptions {
  /** The file that a backup has made, or any other copy of a database. */
  backup: string;
  /** The database file that it is to replace. */
  database: string;
}

/** What came of a restore. */
export interface Restored {
  tasks: number;
  /** Where the database is now that was replaced; null where there was none. */
  kept: string | null;
  /** Whether it could be read how far the replaced queue had come; else ids and revisions have leapt ahead. */
  isContinued: boolean;
  /** New tasks get higher ids than this. */
  lastTaskId: number;
}
