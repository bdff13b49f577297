import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { Clock } from '../../domain/clock.js';
import type { AttemptFailure } from '../../domain/settlement.js';
import type { ClaimedTask, StoredTask } from '../../domain/stored-task.js';
import type { ClaimRequest, Lease, LeaseRepository, LostLease, Renewal } from '../lease-repository.js';
import { type Claimer, dueLaneFinder } from './due-lanes.js';
import type { SqliteOperations } from './operations/index.js';
import { describeLostLease, leaseStateReader } from './operations/lost-lease.js';

export class SqliteLeaseRepository implements LeaseRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #clock: Clock;
  readonly #findLanes;
  readonly #readState;
  readonly #nextDue;
  readonly #nextExpiry;

  constructor(reader: Connection, writer: Writer<SqliteOperations>, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
    this.#findLanes = dueLaneFinder(reader);
    this.#readState = leaseStateReader(reader);
    this.#nextDue = reader.db
      .select({ at: tasks.runAfter })
      .from(tasks)
      .where(sql`due = 0`)
      .orderBy(asc(tasks.runAfter))
      .limit(1)
      .prepare();
    this.#nextExpiry = reader.db
      .select({ at: tasks.leaseUntil })
      .from(tasks)
      .where(sql`lease_until is not null`)
      .orderBy(asc(tasks.leaseUntil))
      .limit(1)
      .prepare();
  }

  claim(request: ClaimRequest): Promise<ClaimedTask[]> {
    return this.#writer.run('claim', request);
  }

  async hasClaimable(claimer: Claimer): Promise<boolean> {
    const due = this.#nextDue.get();
    return (due !== undefined && due.at <= this.#clock.now()) || this.#findLanes(claimer).length > 0;
  }

  async nextDue(): Promise<number | null> {
    return this.#nextDue.get()?.at ?? null;
  }

  renew(renewal: Renewal): Promise<number> {
    return this.#writer.run('renew', renewal);
  }

  complete(lease: Lease, result: string | null): Promise<StoredTask> {
    return this.#writer.run('complete', { lease, result });
  }

  fail(lease: Lease, failure: AttemptFailure): Promise<StoredTask> {
    return this.#writer.run('fail', { lease, failure });
  }

  release(lease: Lease): Promise<StoredTask> {
    return this.#writer.run('release', lease);
  }

  async findLost(leases: readonly Lease[]): Promise<LostLease[]> {
    return leases.flatMap(({ id, leaseToken }) => {
      const state = this.#readState(id);
      if (state?.leaseToken === leaseToken) return [];
      const detail = state ? describeLostLease(id, leaseToken, state) : `Task ${id} was deleted`;
      return [{ id, leaseToken, detail }];
    });
  }

  reap(): Promise<number> {
    return this.#writer.run('reap', { askedAt: this.#clock.now() });
  }

  clamp(): Promise<number> {
    return this.#writer.run('clampLeases', null);
  }

  async nextExpiry(): Promise<number | null> {
    return this.#nextExpiry.get()?.at ?? null;
  }
}
