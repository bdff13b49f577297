import { setImmediate as nextTurn } from 'node:timers/promises';
import { asc, sql } from 'drizzle-orm';
import type { Actor } from '../../core/access.js';
import type { Clock } from '../../core/clock.js';
import { describeLostLease } from '../../core/leases.js';
import type { AttemptFailure } from '../../core/retry.js';
import type { ClaimedTask } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { Writer } from '../../db/writer/writer.js';
import type {
  Claimer,
  ClaimRequest,
  Lease,
  LeaseRepository,
  LostLease,
  Renewal,
} from '../lease-repository.js';
import { claimWeight, lookWork, WORK_A_TURN } from '../shared/claim-weight.js';
import { dueLaneWalker } from './lanes.js';
import { leaseStateReader } from './operations/fence.js';
import type { SqliteOperations } from './operations/index.js';
import { toClaimedTasks } from './rows.js';
import type { WriteCheck } from './write-check.js';

export class SqliteLeaseRepository implements LeaseRepository {
  readonly #writer: Writer<SqliteOperations>;
  readonly #writes: WriteCheck;
  readonly #clock: Clock;
  readonly #walkLanes;
  readonly #readState;
  readonly #nextDue;
  readonly #nextExpiry;

  constructor(reader: Connection, writer: Writer<SqliteOperations>, writes: WriteCheck, clock: Clock) {
    this.#writer = writer;
    this.#writes = writes;
    this.#clock = clock;
    this.#walkLanes = dueLaneWalker(reader);
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

  async claim(request: ClaimRequest, actor?: Actor): Promise<ClaimedTask[]> {
    return toClaimedTasks(await this.#writer.run('claim', request, { weight: claimWeight(request), actor }));
  }

  async hasClaimable(claimer: Claimer): Promise<boolean> {
    const [count = 0] = await this.countClaimable([claimer], 1);
    return count > 0;
  }

  async countClaimable(claimers: readonly Claimer[], enough = Number.POSITIVE_INFINITY): Promise<number[]> {
    const next = this.#nextDue.get();
    // Upper bound: not yet promoted to its lane, so its type is unknown.
    const unknown = next !== undefined && next.at <= this.#clock.now() ? 1 : 0;
    const counts: number[] = [];
    let work = 0;
    for (const claimer of claimers) {
      if (work >= WORK_A_TURN) {
        await nextTurn();
        work = 0;
      }
      work += lookWork(claimer);
      counts.push(this.#count(claimer, unknown, enough));
    }
    return counts;
  }

  async nextDue(): Promise<number | null> {
    return this.#nextDue.get()?.at ?? null;
  }

  renew(renewal: Renewal, actor?: Actor): Promise<number> {
    return this.#writer.run('renew', renewal, { actor });
  }

  async complete(lease: Lease, result: string | null, actor?: Actor): Promise<void> {
    await this.#writer.run('complete', { lease, result }, { actor });
  }

  async fail(lease: Lease, failure: AttemptFailure, actor?: Actor): Promise<void> {
    await this.#writer.run('fail', { lease, failure }, { actor });
  }

  async release(lease: Lease, actor?: Actor): Promise<void> {
    await this.#writer.run('release', lease, { actor });
  }

  async findLost(leases: readonly Lease[]): Promise<LostLease[]> {
    return leases.flatMap(({ id, leaseToken }) => {
      const state = this.#readState(id);
      if (state?.leaseToken === leaseToken) return [];
      return [{ id, leaseToken, detail: describeLostLease(id, leaseToken, state) }];
    });
  }

  reap(longestMs = Number.POSITIVE_INFINITY): Promise<number> {
    return this.#writer.run('reap', { askedAt: this.#clock.now(), longestMs });
  }

  writesRefused(): Promise<boolean> {
    return this.#writes.hasRefused();
  }

  rebaseLeases(): Promise<number> {
    return this.#writer.run('rebaseLeases', null);
  }

  async nextExpiry(): Promise<number | null> {
    return this.#nextExpiry.get()?.at ?? null;
  }

  #count(claimer: Claimer, from: number, enough: number): number {
    let count = from;
    if (count >= enough) return count;
    for (const { due } of this.#walkLanes(claimer)) {
      count += due;
      if (count >= enough) break;
    }
    return count;
  }
}
