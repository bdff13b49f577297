import { sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks, workers } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { Clock } from '../../domain/clock.js';
import type { Claimer } from '../lease-repository.js';
import type {
  BlamedAttempt,
  HeartbeatListener,
  RegisteredWorker,
  WorkerIdentity,
  WorkerRegistration,
  WorkerRepository,
} from '../worker-repository.js';
import { isLive } from './is-live.js';
import type { Heartbeat } from './operations/heartbeat.js';
import type { SqliteOperations } from './operations/index.js';

const takesOf = ({ types, capabilities }: { types: string | null; capabilities: string }): Claimer => ({
  types: types === null ? null : JSON.parse(types),
  capabilities: JSON.parse(capabilities),
});

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
    return this.#all
      .all()
      .filter((row) => isLive(row, now))
      .map(takesOf);
  }

  abandon({ id, host, pid }: WorkerIdentity, blamed: BlamedAttempt | null): void {
    this.#writer.runLast('abandon', { worker: { id, host, pid }, blamed });
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
      ...takesOf(row),
      live: isLive(row, now),
      heldTaskIds: (held.get(row.id) ?? []).sort((a, b) => a - b),
    }));
  }
}
