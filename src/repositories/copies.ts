import type { Actor } from '../core/access.js';
import type { TaskStatus } from '../core/task.js';

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
  /** Whom the audit log names. */
  by: Actor;
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

/** Which tasks are exported, and whether with their logs; all of them without, unless it says. */
export interface ExportOptions {
  statuses?: readonly TaskStatus[] | undefined;
  types?: readonly string[] | undefined;
  logs?: boolean | undefined;
}

export interface ImportOptions {
  /** What `exportTasks` gave, line by line, in a file. */
  file: string;
  /** What people know the file by. */
  name?: string | undefined;
  database: string;
  /** Whom the audit log names. */
  by: Actor;
  /** Is told how many tasks the file has, once all of it was looked at and nothing was imported yet. */
  onPlanned?: ((count: number) => void) | undefined;
  /** Is told the name of the copy that is made before an older database is changed. */
  onUpgradeBackup?: ((copy: string) => void) | undefined;
}

/** What became of a task of the file. */
export interface ImportedTask {
  line: number;
  /** Its id in the file. */
  fileId: number;
  /** Its id in the database. */
  id: number;
  /** False where it was there already. */
  isNew: boolean;
}

export interface ImportSummary {
  /** Whether the tasks have the ids that they have in the file. */
  keptIds: boolean;
}
