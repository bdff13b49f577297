import type { FinishedStatus, LiveStatus } from '../../core/maintenance.js';
import type { Writer } from '../../db/writer/writer.js';
import type { RetentionRepository, SweepQuery, SweepStep } from '../retention-repository.js';
import type { SqliteOperations } from './operations/index.js';

export class SqliteRetentionRepository implements RetentionRepository {
  readonly #writer: Writer<SqliteOperations>;

  constructor(writer: Writer<SqliteOperations>) {
    this.#writer = writer;
  }

  pruneTasks(walk: SweepQuery<FinishedStatus>): Promise<SweepStep> {
    return this.#writer.run('pruneTasks', walk, { weight: walk.limit });
  }

  pruneLogsOfFinished(walk: SweepQuery<FinishedStatus>): Promise<SweepStep> {
    return this.#writer.run('pruneLogsOfFinished', walk, { weight: walk.limit });
  }

  pruneLogsOfLive(walk: SweepQuery<LiveStatus>): Promise<SweepStep> {
    return this.#writer.run('pruneLogsOfLive', walk, { weight: walk.limit });
  }

  pruneAudit(keptMs: number, limit: number): Promise<number> {
    return this.#writer.run('pruneAudit', { keptMs, limit }, { weight: limit });
  }

  async pruneCounts(): Promise<void> {
    await this.#writer.run('pruneCounts', null);
  }

  upkeep(): Promise<boolean> {
    return this.#writer.run('incrementalVacuum', null);
  }
}
