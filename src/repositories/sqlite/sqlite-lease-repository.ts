import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/sqlite/writer/writer.js';
import type { Caller } from '../../domain/caller.js';
import type { Clock } from '../../domain/clock.js';
import type { AttemptFailure } from '../../domain/settlement.js';
import type { ClaimedTask } from '../../domain/stored-task.js';
import type {
  Claimer,
  ClaimRequest,
  Lease,
  LeaseRepository,
  LostLease,
  Renewal,
} from '../lease-repository.js';
import { toClaimedTasks } from './claimed-row.js';
import { dueLaneReader } from './due-lanes.js';
import type { SqliteOperations } from './operations/index.js';
import { describeLostLease, leaseStateReader } from './operations/lost-lease.js';
import type { WriteCheck } from './write-check.js';

export class SqliteLeaseRepository implements LeaseRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #writes: WriteCheck;
  readonly #clock: Clock;
  readonly #readLanes;
  readonly #readState;
  readonly #nextDue;
  readonly #nextExpiry;

  constructor(reader: Connection, writer: Writer<SqliteOperations>, writes: WriteCheck, clock: Clock) {
    this.#writer = writer;
    this.#writes = writes;
    this.#clock = clock;
    this.#readLanes = dueLaneReader(reader);
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

  async claim(request: ClaimRequest, by?: Caller): Promise<ClaimedTask[]> {
    return toClaimedTasks(await this.#writer.run('claim', request, { weight: request.limit, by }));
  }

  async hasClaimable(claimer: Claimer): Promise<boolean> {
    const [count = 0] = await this.countClaimable([claimer]);
    return count > 0;
  }

  async countClaimable(claimers: readonly Claimer[]): Promise<number[]> {
    const next = this.#nextDue.get();
    // For whom it is, the claim will find out that moves it to where the lanes are counted.
    const unknown = next !== undefined && next.at <= this.#clock.now() ? 1 : 0;
    return this.#readLanes(claimers).map((lanes) => lanes.reduce((sum, { due }) => sum + due, unknown));
  }

  async nextDue(): Promise<number | null> {
    return this.#nextDue.get()?.at ?? null;
  }

  renew(renewal: Renewal, by?: Caller): Promise<number> {
    return this.#writer.run('renew', renewal, { by });
  }

  async complete(lease: Lease, result: string | null, by?: Caller): Promise<void> {
    await this.#writer.run('complete', { lease, result }, { by });
  }

  async fail(lease: Lease, failure: AttemptFailure, by?: Caller): Promise<void> {
    await this.#writer.run('fail', { lease, failure }, { by });
  }

  async release(lease: Lease, by?: Caller): Promise<void> {
    await this.#writer.run('release', lease, { by });
  }

  async findLost(leases: readonly Lease[]): Promise<LostLease[]> {
    return leases.flatMap(({ id, leaseToken }) => {
      const state = this.#readState(id);
      if (state?.leaseToken === leaseToken) return [];
      const detail = state ? describeLostLease(id, leaseToken, state) : `Task ${id} was deleted`;
      return [{ id, leaseToken, detail }];
    });
  }

  reap(longestMs = Number.POSITIVE_INFINITY): Promise<number> {
    return this.#writer.run('reap', { askedAt: this.#clock.now(), longestMs });
  }

  writesRefused(): Promise<boolean> {
    return this.#writes.hasRefused();
  }

  clamp(): Promise<number> {
    return this.#writer.run('clampLeases', null);
  }

  async nextExpiry(): Promise<number | null> {
    return this.#nextExpiry.get()?.at ?? null;
  }
}
