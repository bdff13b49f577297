import { asc, eq, sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { minuteCounts, minuteDurations, queueState, tasks, typeCounts } from '../../db/sqlite/schema.js';
import { firstRateMinute, historySpans, startsPerSecond } from '../shared/history.js';
import type {
  HistorySpan,
  QueueStats,
  StatsRepository,
  TypeEstimate,
  TypeStats,
} from '../stats-repository.js';
import { oldestDueReader } from './metrics-repository.js';
import { bound } from './rows.js';

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
    const minutes = this.#startsSince.all({ minute: firstRateMinute(now) });
    return startsPerSecond(
      minutes.reduce((sum, { started }) => sum + started, 0),
      now,
    );
  }
}

/** Reads the per-minute history, adding up the minutes of each span. */
export function historyReader({ db }: Connection) {
  const readCounts = db
    .select()
    .from(minuteCounts)
    .where(sql`${minuteCounts.minute} >= ${bound('from')} and ${minuteCounts.minute} < ${bound('to')}`)
    .orderBy(asc(minuteCounts.minute))
    .prepare();
  const readDurations = db
    .select()
    .from(minuteDurations)
    .where(sql`${minuteDurations.minute} >= ${bound('from')} and ${minuteDurations.minute} < ${bound('to')}`)
    .prepare();

  return (from: number, to: number, step: number): HistorySpan[] =>
    historySpans({ from, to, step }, readCounts.all({ from, to }), readDurations.all({ from, to }));
}
