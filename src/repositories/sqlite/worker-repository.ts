import { getTableColumns, sql } from 'drizzle-orm';
import type { Clock } from '../../core/clock.js';
import { BYTE_LIMITS, takeWithin } from '../../core/limits.js';
import { isLive } from '../../core/workers.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks, workers } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/writer/writer.js';
import type { Claimer } from '../lease-repository.js';
import type {
  BlamedAttempt,
  HeartbeatListener,
  RegisteredWorker,
  WorkerIdentity,
  WorkerPage,
  WorkerQuery,
  WorkerRegistration,
  WorkerRepository,
} from '../worker-repository.js';
import type { SqliteOperations } from './operations/index.js';
import type { Heartbeat } from './operations/workers.js';
import { bareRows, bound, claimerOf, rowMapper } from './rows.js';

/** The row's number is the position in the list: later ones were registered later. */
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

  async unregister({ id, host, pid }: WorkerIdentity): Promise<void> {
    await this.#writer.run('unregisterWorker', { id, host, pid });
  }

  keepAlive(worker: WorkerRegistration, intervalMs: number, listener: HeartbeatListener): () => void {
    const onBeat = ({ lost, namesake }: Heartbeat) => {
      listener.onBeat(lost);
      if (namesake) listener.onNamesake(namesake);
    };
    return this.#writer.repeat('heartbeat', worker, intervalMs, onBeat, (error) => listener.onFailure(error));
  }

  async noteOverdue(id: string, count: number): Promise<void> {
    await this.#writer.run('noteOverdue', { workerId: id, count });
  }

  async live(): Promise<Claimer[]> {
    const now = this.#clock.now();
    return this.#rows()
      .filter((row) => isLive(row, now))
      .map(claimerOf);
  }

  abandon({ id, host, pid }: WorkerIdentity, blamed: BlamedAttempt | null): void {
    this.#writer.runLast('abandon', { worker: { id, host, pid }, blamed });
  }

  async list(): Promise<RegisteredWorker[]> {
    return this.#registered(this.#rows());
  }

  async page({ limit, after = Number.MAX_SAFE_INTEGER }: WorkerQuery): Promise<WorkerPage> {
    // One more than the page shows whether others follow.
    const rows = this.#page.each({ before: after, limit: limit + 1 });
    const { taken, isCut } = takeWithin(rowsOf(rows), lengthOf, { limit, characters: BYTE_LIMITS.page });
    return { workers: this.#registered(taken), next: isCut ? (taken.at(-1)?.place ?? null) : null };
  }

  #rows(): Row[] {
    return [...rowsOf(this.#page.each({ before: Number.MAX_SAFE_INTEGER, limit: -1 }))];
  }

  #registered(rows: readonly Row[]): RegisteredWorker[] {
    if (rows.length === 0) return [];
    const held = this.#heldByWorker();
    const now = this.#clock.now();
    return rows.map(({ place: _, ...row }) => ({
      ...row,
      ...claimerOf(row),
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
