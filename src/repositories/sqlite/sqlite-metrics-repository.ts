import { sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.js';
import { IN_MEMORY } from '../../core/paths.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { fileUsage } from '../../db/sqlite/file-usage.js';
import { queueState, typeCounts, workers } from '../../db/sqlite/schema.js';
import type { ReadSharing } from '../../db/sqlite/snapshot.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type {
  MetricsRepository,
  QueueMeasurements,
  StatusCounts,
  StorageMeasurements,
} from '../metrics-repository.js';
import { bound } from './bound.js';
import { busiestTypes } from './busiest-types.js';
import { isLive } from './is-live.js';
import { oldestDueReader } from './oldest-due.js';
import type { SqliteOperations } from './operations/index.js';
import { totalsReader } from './read-totals.js';
import { unservedTypeCounter } from './unserved-types.js';

interface Surroundings {
  reader: Connection;
  writer: Writer<SqliteOperations>;
  snapshot: ReadSharing;
  clock: Clock;
}

const statusesOf = ({ queued, processing, completed, failed }: StatusCounts): StatusCounts => ({
  queued,
  processing,
  completed,
  failed,
});

export class SqliteMetricsRepository implements MetricsRepository {
  readonly #file: string;
  readonly #around: Surroundings;
  readonly #findBusiest;
  readonly #readStatuses;
  readonly #readTypes;
  readonly #readTotals;
  readonly #readOldestDue;
  readonly #countUnserved;
  readonly #readOverdue;

  constructor(file: string, around: Surroundings) {
    const { reader } = around;
    this.#file = file;
    this.#around = around;
    this.#findBusiest = busiestTypes(reader);
    this.#readStatuses = reader.db.select().from(queueState).where(sql`${queueState.id} = 1`).prepare();
    this.#readTypes = reader.db
      .select()
      .from(typeCounts)
      .where(sql`${typeCounts.type} in (select value from json_each(${bound('types')}))`)
      .prepare();
    this.#readTotals = totalsReader(reader);
    this.#readOldestDue = oldestDueReader(reader);
    this.#countUnserved = unservedTypeCounter(reader);
    this.#readOverdue = reader.db.select().from(workers).where(sql`${workers.overdue} > 0`).prepare();
  }

  async queue(maxTypes: number): Promise<QueueMeasurements> {
    const types = JSON.stringify(await this.#findBusiest(maxTypes));
    // From here on without a pause: all of it is of one moment.
    await this.#around.snapshot.fresh();
    const now = this.#around.clock.now();
    return {
      statuses: statusesOf(this.#readStatuses.get() as StatusCounts),
      types: this.#readTypes.all({ types }).map((row) => ({ type: row.type, ...statusesOf(row) })),
      ...this.#readTotals(),
      oldestDueAt: this.#readOldestDue(now),
      unservedTypes: this.#countUnserved(now),
      overdueHandlers: this.#overdueHandlers(now),
    };
  }

  #overdueHandlers(now: number): number {
    const live = this.#readOverdue.all().filter((worker) => isLive(worker, now));
    return live.reduce((sum, { overdue }) => sum + overdue, 0);
  }

  async storage(): Promise<StorageMeasurements> {
    return { ...(await this.#usage()), commits: this.#around.writer.meter.read() };
  }

  #usage(): Promise<Omit<StorageMeasurements, 'commits'>> {
    if (this.#file !== IN_MEMORY) return fileUsage(this.#file);
    const { client } = this.#around.reader;
    const pragma = (name: string) => client.pragma(name, { simple: true }) as number;
    const databaseBytes = pragma('page_count') * pragma('page_size');
    return Promise.resolve({ databaseBytes, walBytes: 0, diskFreeBytes: null });
  }
}
