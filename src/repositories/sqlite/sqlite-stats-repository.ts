import { asc, eq, sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { minuteCounts, queueState, tasks, typeCounts } from '../../db/sqlite/schema.js';
import type {
  HistorySpan,
  QueueStats,
  StatsRepository,
  TypeEstimate,
  TypeStats,
} from '../stats-repository.js';
import { bound } from './bound.js';
import { historyReader } from './history-reader.js';
import { oldestDueReader } from './oldest-due.js';

const MINUTE_MS = 60_000;

/** Whole minutes over which the rate of starts is taken. */
const RATE_MINUTES = 5;

const UNKNOWN: TypeEstimate = { waitMs: null, runMs: null };

function prepareOverview({ db }: Connection) {
  const oldest = db
    .select({ createdAt: tasks.createdAt })
    .from(tasks)
    .where(sql`status = 'queued'`)
    .orderBy(asc(tasks.id))
    .limit(1);
  // One statement, so that the counts and the oldest task are of one moment.
  return db
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

export class SqliteStatsRepository implements StatsRepository {
  readonly #clock: Clock;
  readonly #overview;
  readonly #readOldestDue;
  readonly #byType;
  readonly #estimate;
  readonly #startsSince;
  readonly #readHistory;

  constructor(reader: Connection, clock: Clock) {
    const { db } = reader;
    this.#clock = clock;
    this.#overview = prepareOverview(reader);
    this.#readOldestDue = oldestDueReader(reader);
    this.#byType = db
      .select()
      .from(typeCounts)
      .where(sql`${typeCounts.type} > ${bound('afterType')}`)
      .orderBy(asc(typeCounts.type))
      .limit(sql.placeholder('limit'))
      .prepare();
    this.#estimate = db
      .select({ waitMs: typeCounts.waitMs, runMs: typeCounts.runMs })
      .from(typeCounts)
      .where(eq(typeCounts.type, bound('type')))
      .prepare();
    this.#startsSince = db
      .select({ started: minuteCounts.started })
      .from(minuteCounts)
      .where(sql`${minuteCounts.minute} >= ${bound('minute')}`)
      .prepare();
    this.#readHistory = historyReader(reader);
  }

  async overview(): Promise<QueueStats> {
    return this.#overview.get() as QueueStats;
  }

  async oldestDue(): Promise<number | null> {
    return this.#readOldestDue(this.#clock.now());
  }

  async byType(limit: number, afterType = ''): Promise<TypeStats[]> {
    return this.#byType.all({ afterType, limit });
  }

  async typeEstimate(type: string): Promise<TypeEstimate> {
    return this.#estimate.get({ type }) ?? UNKNOWN;
  }

  async history(from: number, to: number, step: number): Promise<HistorySpan[]> {
    return this.#readHistory(from, to, step);
  }

  async startRate(): Promise<number | null> {
    const now = this.#clock.now();
    const first = Math.floor(now / MINUTE_MS) - RATE_MINUTES;
    const started = this.#startsSince.all({ minute: first }).reduce((sum, row) => sum + row.started, 0);
    return started === 0 ? null : started / ((now - first * MINUTE_MS) / 1000);
  }
}
