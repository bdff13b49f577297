import { setImmediate as turn } from 'node:timers/promises';
import { asc, sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.js';
import {
  type DurationKind,
  type HistogramSnapshot,
  TOTAL_NAMES,
  type TotalName,
} from '../../core/statistics.js';
import { isLive } from '../../core/workers.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { IN_MEMORY } from '../../db/sqlite/database-file.js';
import { fileUsage } from '../../db/sqlite/files.js';
import {
  durationTotals,
  lanes,
  queueState,
  tasks,
  totals,
  typeCounts,
  workers,
} from '../../db/sqlite/schema.js';
import type { ReadSharing } from '../../db/sqlite/snapshot.js';
import type { Writer } from '../../db/writer/writer.js';
import { histogramOf } from '../shared/counting.js';
import { type BusyType, busiest, countTypesWithoutWorker } from '../shared/type-metrics.js';
import type {
  MetricsRepository,
  QueueMeasurements,
  StatusCounts,
  StorageMeasurements,
} from '../stats-repository.js';
import type { SqliteOperations } from './operations/index.js';
import { bound, claimerOf } from './rows.js';

interface MetricsDependencies {
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
  readonly #deps: MetricsDependencies;
  readonly #findBusiest;
  readonly #readStatuses;
  readonly #readTypes;
  readonly #readTotals;
  readonly #readOldestDue;
  readonly #countTypesWithoutWorker;
  readonly #readOverdue;

  constructor(file: string, deps: MetricsDependencies) {
    const { reader } = deps;
    this.#file = file;
    this.#deps = deps;
    this.#findBusiest = busiestTypes(reader);
    this.#readStatuses = reader.db.select().from(queueState).where(sql`${queueState.id} = 1`).prepare();
    this.#readTypes = reader.db
      .select()
      .from(typeCounts)
      .where(sql`${typeCounts.type} in (select value from json_each(${bound('types')}))`)
      .prepare();
    this.#readTotals = totalsReader(reader);
    this.#readOldestDue = oldestDueReader(reader);
    this.#countTypesWithoutWorker = typeWithoutWorkerCounter(reader);
    this.#readOverdue = reader.db.select().from(workers).where(sql`${workers.overdue} > 0`).prepare();
  }

  async queue(maxTypes: number): Promise<QueueMeasurements> {
    const types = JSON.stringify(await this.#findBusiest(maxTypes));
    // From here on without a pause: all of it is of one moment.
    await this.#deps.snapshot.fresh();
    const now = this.#deps.clock.now();
    return {
      statuses: statusesOf(this.#readStatuses.get() as StatusCounts),
      types: this.#readTypes.all({ types }).map((row) => ({ type: row.type, ...statusesOf(row) })),
      ...this.#readTotals(),
      oldestDueAt: this.#readOldestDue(now),
      typesWithoutWorker: this.#countTypesWithoutWorker(now),
      overdueHandlers: this.#overdueHandlers(now),
    };
  }

  #overdueHandlers(now: number): number {
    const live = this.#readOverdue.all().filter((worker) => isLive(worker, now));
    return live.reduce((sum, { overdue }) => sum + overdue, 0);
  }

  async storage(): Promise<StorageMeasurements> {
    return { ...(await this.#usage()), commits: this.#deps.writer.meter.read() };
  }

  async #usage(): Promise<Omit<StorageMeasurements, 'commits'>> {
    if (this.#file !== IN_MEMORY) {
      const { databaseBytes, ...file } = await fileUsage(this.#file);
      return { databaseBytes, file };
    }
    const { client } = this.#deps.reader;
    const pragma = (name: string) => client.pragma(name, { simple: true }) as number;
    const databaseBytes = pragma('page_count') * pragma('page_size');
    return { databaseBytes, file: { walBytes: 0, diskFreeBytes: null } };
  }
}

/** Types looked at in one turn of the event loop. */
const TYPE_PAGE = 1_000;

/**
 * Finds the types with most live tasks, then with most tasks in total; in turns, so that many types delay no other
 * work.
 */
export function busiestTypes({ db }: Connection): (limit: number) => Promise<string[]> {
  const { type, queued, processing, completed, failed } = typeCounts;
  const readPage = db
    .select({
      type,
      live: sql<number>`${queued} + ${processing}`,
      total: sql<number>`${queued} + ${processing} + ${completed} + ${failed}`,
    })
    .from(typeCounts)
    .where(sql`${type} > ${bound('after')}`)
    .orderBy(asc(type))
    .limit(TYPE_PAGE)
    .prepare();

  return async (limit) => {
    let found: BusyType[] = [];
    for (let page = readPage.all({ after: '' }); page.length > 0; ) {
      found = busiest([...found, ...page], limit);
      if (page.length < TYPE_PAGE) break;
      await turn();
      page = readPage.all({ after: page.at(-1)?.type });
    }
    return found.map((one) => one.type);
  };
}

/** Most combinations of requirements, and most due tasks not yet promoted, to look at. */
const MOST_LANES = 10_000;
const MOST_UNPROMOTED = 1_000;

/** Counts the types with due tasks that no live worker takes. */
export function typeWithoutWorkerCounter({ db }: Connection): (now: number) => number {
  const readDue = db
    .select({ type: lanes.type, compatibility: lanes.compatibility })
    .from(lanes)
    .where(sql`due > 0`)
    .limit(MOST_LANES)
    .prepare();
  // Only a claim moves these to their lanes; without claims they stay.
  const readUnpromoted = db
    .select({ type: tasks.type, compatibility: tasks.compatibility })
    .from(tasks)
    .where(sql`due = 0 and ${tasks.runAfter} <= ${bound('now')}`)
    .orderBy(tasks.runAfter)
    .limit(MOST_UNPROMOTED)
    .prepare();
  const readWorkers = db.select().from(workers).prepare();

  return (now) => {
    const live = readWorkers.all().filter((worker) => isLive(worker, now));
    return countTypesWithoutWorker([...readDue.all(), ...readUnpromoted.all({ now })], live.map(claimerOf));
  };
}

/** Most tasks, and lanes, to look at. */
const MAX_CANDIDATES = 1_000;

/**
 * No index orders due tasks by their wait, and none is worth its cost on every enqueue. So the candidates are: the
 * scheduled task with the earliest due time, the oldest queued ones, and the first of each lane. Another task can have
 * waited longer only behind more than a thousand older ones that have not; the age is never overstated.
 */
const OLDEST_DUE = `
  select min(since) from (
    select since from (select run_after as since from tasks where due = 0 order by run_after limit 1)
    where since <= ?
    union all
    select max(run_after, created_at) from (
      select run_after, created_at from tasks where status = 'queued' order by id limit ${MAX_CANDIDATES}
    ) where run_after <= ?
    union all
    select max(run_after, created_at) from (
      select (
        select id from tasks
        where due = 1 and type = lane.type and priority = lane.priority and compatibility = lane.compatibility
        order by id limit 1
      ) as first
      from (select type, priority, compatibility from lanes where due > 0 limit ${MAX_CANDIDATES}) as lane
    ) join tasks on tasks.id = first
  )`;

/** Reads the due time of the task that has waited longest; null if none is due. */
export function oldestDueReader({ client }: Connection): (now: number) => number | null {
  const read = client.prepare(OLDEST_DUE).pluck();
  return (now) => read.get(now, now) as number | null;
}

type TotalCounts = Record<TotalName, number>;

/** Reads the totals since the file was created. */
export function totalsReader({ db }: Connection) {
  const readTotals = db.select().from(totals).prepare();
  const readDurations = db.select().from(durationTotals).prepare();
  return (): { totals: TotalCounts; durations: Record<DurationKind, HistogramSnapshot> } => {
    const kept = new Map(readTotals.all().map(({ name, count }) => [name, count]));
    const sums = Object.fromEntries(TOTAL_NAMES.map((name) => [name, kept.get(name) ?? 0])) as TotalCounts;
    const buckets = readDurations.all();
    const histogram = (wanted: DurationKind) =>
      histogramOf(
        buckets.filter(({ kind }) => kind === wanted),
        sums[`${wanted}_ms`],
      );
    return { totals: sums, durations: { wait: histogram('wait'), run: histogram('run') } };
  };
}
