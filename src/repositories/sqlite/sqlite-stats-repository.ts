import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { queueState, tasks } from '../../db/sqlite/schema.js';
import type { QueueStats, StatsRepository } from '../stats-repository.js';

export class SqliteStatsRepository implements StatsRepository {
  readonly #read;

  constructor({ db }: Connection) {
    const oldest = db
      .select({ createdAt: tasks.createdAt })
      .from(tasks)
      .where(sql`status = 'queued'`)
      .orderBy(asc(tasks.id))
      .limit(1);
    // One statement, so that the counts and the oldest task are of one moment.
    this.#read = db
      .select({
        queued: queueState.queued,
        processing: queueState.processing,
        completed: queueState.completed,
        failed: queueState.failed,
        oldestQueuedAt: sql<number | null>`(${oldest})`,
      })
      .from(queueState)
      .where(sql`${queueState.id} = 1`)
      .prepare();
  }

  async overview(): Promise<QueueStats> {
    return this.#read.get() as QueueStats;
  }
}
