import { sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks, workers } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { Clock } from '../../domain/clock.js';
import type { LostLease } from '../lease-repository.js';
import type {
  BlamedAttempt,
  RegisteredWorker,
  WorkerRegistration,
  WorkerRepository,
} from '../worker-repository.js';
import { isLive } from './is-live.js';
import type { SqliteOperations } from './operations/index.js';

export class SqliteWorkerRepository implements WorkerRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #clock: Clock;
  readonly #all;
  readonly #held;

  constructor(reader: Connection, writer: Writer<SqliteOperations>, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
    this.#all = reader.db.select().from(workers).orderBy(sql`rowid desc`).prepare();
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

  async noteOverdue(id: string, count: number): Promise<void> {
    await this.#writer.run('noteOverdue', { workerId: id, count });
  }

  abandon(id: string, blamed: BlamedAttempt | null): void {
    this.#writer.runLast('abandon', { workerId: id, blamed });
  }

  async list(): Promise<RegisteredWorker[]> {
    const workers = this.#all.all();
    if (workers.length === 0) return [];
    const held = new Map<string | null, number[]>();
    for (const { id, lockedBy } of this.#held.all()) {
      const ids = held.get(lockedBy);
      if (ids) ids.push(id);
      else held.set(lockedBy, [id]);
    }
    const now = this.#clock.now();
    return workers.map((row) => ({
      ...row,
      types: row.types === null ? null : JSON.parse(row.types),
      capabilities: JSON.parse(row.capabilities),
      live: isLive(row, now),
      heldTaskIds: (held.get(row.id) ?? []).sort((a, b) => a - b),
    }));
  }
}
