import type { AuditLogRepository } from './audit-log-repository.js';
import type { BulkRepository } from './bulk-repository.js';
import type { ChangeRepository } from './change-repository.js';
import type { KeyRepository } from './key-repository.js';
import type { LeaseRepository } from './lease-repository.js';
import type { LogRepository } from './log-repository.js';
import type { MetricsRepository } from './metrics-repository.js';
import type { RetentionRepository } from './retention-repository.js';
import type { StatsRepository } from './stats-repository.js';
import type { TaskRepository } from './task-repository.js';
import type { WorkerRepository } from './worker-repository.js';

/** One repository per resource; which engine stands behind them is chosen in `app.ts`. */
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
