import type { SpooliteError } from '../core/errors.js';
import type { DoctorFinding } from '../core/finding.js';
import type { BackupPlan } from '../core/maintenance.js';
import type { Repositories } from './repositories.js';

/** What has not been put into the database yet, as somebody still reads what was before it. */
export interface HeldBack {
  bytes: number;
  /** Who reads, by name; null where that cannot be told. */
  readers: string[] | null;
}

/** An open database: its repositories, and word of what other processes commit. */
export interface Storage {
  repositories: Repositories;
  /** Calls `listener` after commits of any process; several may be told as one. Returns a function that ends it. */
  onCommit(listener: () => void): () => void;
  /** Why nothing can be written any more, for good; null while that is not so. */
  readonly failure: SpooliteError | null;
  /** Name of each check → "ok", or a sentence that says what is wrong. After a refused write it tries a small one. */
  check(): Promise<Record<string, string>>;
  /** What readers hold back, when that is at least so many bytes; else null. */
  heldBack(leastBytes: number): Promise<HeldBack | null>;
  /**
   * Looks at everything that can go wrong, the planned backups included; takes as long as the database is large, and keeps
   * nobody waiting.
   */
  examine(backups?: BackupPlan): Promise<DoctorFinding[]>;
  /** Commits what was asked for, then closes. */
  close(): Promise<void>;
}
