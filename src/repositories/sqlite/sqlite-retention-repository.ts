import type { FinishedStatus, LiveStatus } from '../../core/maintenance.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { RetentionRepository, Walk, WalkStep } from '../retention-repository.js';
import type { SqliteOperations } from './operations/index.js';

export class SqliteRetentionRepository implements RetentionRepository {
  readonly #writer: Writer<SqliteOperations>;

  constructor(writer: Writer<SqliteOperations>) {
    this.#writer = writer;
  }

  pruneTasks(walk: Walk<FinishedStatus>): Promise<WalkStep> {
    return this.#writer.run('pruneTasks', walk, { weight: walk.limit });
  }

  pruneLogsOfFinished(walk: Walk<FinishedStatus>): Promise<WalkStep> {
    return this.#writer.run('pruneLogsOfFinished', walk, { weight: walk.limit });
  }

  pruneLogsOfLive(walk: Walk<LiveStatus>): Promise<WalkStep> {
    return this.#writer.run('pruneLogsOfLive', walk, { weight: walk.limit });
  }

  pruneAudit(keptMs: number, limit: number): Promise<number> {
    return this.#writer.run('pruneAudit', { keptMs, limit }, { weight: limit });
  }

  async pruneCounts(): Promise<void> {
    await this.#writer.run('pruneCounts', null);
  }

  giveSpaceBack(): Promise<boolean> {
    return this.#writer.run('giveSpaceBack', null);
  }
}
