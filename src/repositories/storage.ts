import type { SpooliteError } from '../core/errors.js';
import type { DoctorFinding } from '../core/finding.js';
import type { BackupPlan } from '../core/maintenance.js';
import type { AuditLogRepository } from './audit-log-repository.js';
import type { ChangeRepository } from './change-repository.js';
import type { KeyRepository } from './key-repository.js';
import type { LeaseRepository } from './lease-repository.js';
import type { LogRepository } from './log-repository.js';
import type { RetentionRepository } from './retention-repository.js';
import type { MetricsRepository, StatsRepository } from './stats-repository.js';
import type { BulkRepository, TaskRepository } from './task-repository.js';
import type { WorkerRepository } from './worker-repository.js';

/** An open database: its repositories, and notice of other processes' commits. */
export interface Storage {
  repositories: Repositories;
  /** Calls `listener` after commits of any process; several may share one call. Returns a function that ends it. */
  onCommit(listener: () => void): () => void;
  /** Why nothing can be written any more, permanently; else null. */
  readonly failure: SpooliteError | null;
  /** Name of each check → "ok", or a sentence about the problem. After a refused write it tries a small one. */
  check(): Promise<Record<string, string>>;
  /**
   * Checks everything that can go wrong, including the planned backups if there are any; its time grows with the
   * database, and it delays no other work.
   */
  diagnose(backups?: BackupPlan): Promise<DoctorFinding[]>;
  /** What only a queue in a file has; absent for other engines, and for a database in memory. */
  readonly file?: StorageFile;
  /** Commits pending writes, then closes. */
  close(): Promise<void>;
}

/** One repository per resource; the engine behind them is chosen in `app/compose.ts`. */
export interface Repositories {
  tasks: TaskRepository;
  bulk: BulkRepository;
  changes: ChangeRepository;
  leases: LeaseRepository;
  logs: LogRepository;
  workers: WorkerRepository;
  stats: StatsRepository;
  retention: RetentionRepository;
  metrics: MetricsRepository;
  keys: KeyRepository;
  auditLog: AuditLogRepository;
}

/** The queue's file. */
export interface StorageFile {
  /** The unwritten part of the write-ahead log and its readers, if it has at least this many bytes; else null. */
  checkpointStarved(leastBytes: number): Promise<CheckpointStarvation | null>;
  /** Makes backups of it by this plan. */
  backups(plan: BackupPlan): BackupMaker;
}

/** The part of the write-ahead log that cannot be put into the database yet because of readers of an older state. */
export interface CheckpointStarvation {
  bytes: number;
  /** Names of the readers; null if they cannot be determined. */
  readers: string[] | null;
}

/** Makes a server's scheduled backups. */
export interface BackupMaker {
  /** When the newest existing backup was made, in milliseconds since 1970 UTC; null if there is none. */
  newest(now: number): Promise<number | null>;
  /**
   * Makes one without blocking this process; null if another server on the file has just made it or is about to. `now`
   * is the time in its name.
   */
  make(now: number): Promise<Backup | null>;
  /** Cancels a running backup. */
  stop(): Promise<void>;
}

/** A verified copy of a database. */
export interface Backup {
  file: string;
  bytes: number;
  tasks: number;
  /** Older copies that were deleted for it. */
  removed: string[];
}
