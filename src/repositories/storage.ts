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

/** An open database: its repositories, and word of what other processes commit. */
export interface Storage {
  repositories: Repositories;
  /** Calls `listener` after commits of any process; several may be told as one. Returns a function that ends it. */
  onCommit(listener: () => void): () => void;
  /** Why nothing can be written any more, for good; null while that is not so. */
  readonly failure: SpooliteError | null;
  /** Name of each check → "ok", or a sentence that says what is wrong. After a refused write it tries a small one. */
  check(): Promise<Record<string, string>>;
  /**
   * Looks at everything that can go wrong, the planned backups included where it makes some; takes as long as the database is
   * large, and keeps nobody waiting.
   */
  diagnose(backups?: BackupPlan): Promise<DoctorFinding[]>;
  /** What there is only to an engine that keeps the queue in a file of its own; absent for any other, and in memory. */
  readonly file?: StorageFile;
  /** Commits what was asked for, then closes. */
  close(): Promise<void>;
}

/** One repository per resource; which engine stands behind them is chosen in `app/compose.ts`. */
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

/** The file that the queue is kept in. */
export interface StorageFile {
  /** What readers keep from being put into the file, when that is at least so many bytes; else null. */
  checkpointStarved(leastBytes: number): Promise<CheckpointStarvation | null>;
  /** Makes copies of it by this plan. */
  backups(plan: BackupPlan): BackupMaker;
}

/** What has not been put into the database yet, as somebody still reads what was before it. */
export interface CheckpointStarvation {
  bytes: number;
  /** Who reads, by name; null where that cannot be told. */
  readers: string[] | null;
}

/** Makes the backups that a server is to make by itself. */
export interface BackupMaker {
  /** When the newest was made that is there, in milliseconds since 1970 UTC; null where there is none. */
  newest(now: number): Promise<number | null>;
  /**
   * Makes one, without keeping this process from its work; null where another server on the file has just made it or is
   * about to. `now` is the time of its name.
   */
  make(now: number): Promise<Backup | null>;
  /** Gives up what is being made. */
  stop(): Promise<void>;
}

/** A copy of a database that was found sound. */
export interface Backup {
  file: string;
  bytes: number;
  tasks: number;
  /** Older copies that were deleted for it. */
  removed: string[];
}
