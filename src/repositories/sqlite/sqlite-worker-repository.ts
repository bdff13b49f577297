import { getTableColumns, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks, workers } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import { BYTE_LIMITS } from '../../domain/byte-limits.js';
import type { Clock } from '../../domain/clock.js';
import { takeWithin } from '../../domain/take-within.js';
import type { LostLease } from '../lease-repository.js';
import type {
  RegisteredWorker,
  WorkerPage,
  WorkerQuery,
  WorkerRegistration,
  WorkerRepository,
} from '../worker-repository.js';
import { bareRows } from './bare-rows.js';
import { bound } from './bound.js';
import { isLive } from './is-live.js';
import type { SqliteOperations } from './operations/index.js';
import { rowMapper } from './row-mapper.js';

/** The row's number is the place in the list: later ones were registered later. */
const columns = { ...getTableColumns(workers), place: sql<number>`rowid` };

type Row = typeof workers.$inferSelect & { place: number };

const toRows = rowMapper<Row>(columns);

function* rowsOf(found: Iterable<unknown[]>): Iterable<Row> {
  for (const row of found) yield* toRows([row]);
}

const lengthOf = ({ types, capabilities }: Row): number => (types?.length ?? 0) + capabilities.length;

export class SqliteWorkerRepository implements WorkerRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #clock: Clock;
  readonly #page;
  readonly #held;

  constructor(reader: Connection, writer: Writer<SqliteOperations>, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
    this.#page = bareRows(
      reader,
      reader.db
        .select(columns)
        .from(workers)
        .where(sql`rowid < ${bound('before')}`)
        .orderBy(sql`rowid desc`)
        .limit(sql.placeholder('limit')),
    );
    this.#held = reader.db
      .select({ id: tasks.id, lockedBy: tasks.lockedBy })
      .from(tasks)
      .where(sql`lease_until is not null`)
      .prepare();
  }

  async register(worker: WorkerRegistration): Promise<void> {
    await this.#writer.run('registerWorker', worker);
  }

  async unregister(id: string): Promise<void> {
    await this.#writer.run('unregisterWorker', { id });
  }

  keepAlive(id: string, intervalMs: number, onLost: (lost: LostLease[]) => void): () => void {
    return this.#writer.repeat('heartbeat', { workerId: id }, intervalMs, (lost) => {
      if (lost.length > 0) onLost(lost);
    });
  }

  async list(): Promise<RegisteredWorker[]> {
    const rows = this.#page.each({ before: Number.MAX_SAFE_INTEGER, limit: -1 });
    return this.#registered([...rowsOf(rows)]);
  }

  async page({ limit, after = Number.MAX_SAFE_INTEGER }: WorkerQuery): Promise<WorkerPage> {
    // One more than is taken tells whether others follow.
    const rows = this.#page.each({ before: after, limit: limit + 1 });
    const { taken, isCut } = takeWithin(rowsOf(rows), lengthOf, { limit, characters: BYTE_LIMITS.page });
    return { workers: this.#registered(taken), next: isCut ? (taken.at(-1)?.place ?? null) : null };
  }

  #registered(rows: readonly Row[]): RegisteredWorker[] {
    if (rows.length === 0) return [];
    const held = this.#heldByWorker();
    const now = this.#clock.now();
    return rows.map(({ place: _, ...row }) => ({
      ...row,
      types: row.types === null ? null : JSON.parse(row.types),
      capabilities: JSON.parse(row.capabilities),
      live: isLive(row, now),
      heldTaskIds: (held.get(row.id) ?? []).sort((a, b) => a - b),
    }));
  }

  #heldByWorker(): Map<string | null, number[]> {
    const held = new Map<string | null, number[]>();
    for (const { id, lockedBy } of this.#held.all()) {
      const ids = held.get(lockedBy);
      if (ids) ids.push(id);
      else held.set(lockedBy, [id]);
    }
    return held;
  }
}
