import { setImmediate as nextTurn } from 'node:timers/promises';
import { asc, sql } from 'drizzle-orm';
import type { Actor } from '../../core/access.js';
import type { Clock } from '../../core/clock.js';
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
import { dueLaneWalker } from './lanes.js';
import { describeLostLease, leaseStateReader } from './operations/fence.js';
import type { SqliteOperations } from './operations/index.js';
import { toClaimedTasks } from './rows.js';
import type { WriteCheck } from './write-check.js';

/** Capabilities that are looked up in one turn of the event loop, about; each claimer counts as so many more. */
const CAPABILITIES_A_TURN = 2_000;
const CLAIMER_AS_CAPABILITIES = 50;

/** Capabilities that a claim looks up in about the time in which it takes a task. */
const CAPABILITIES_A_TASK = 20;

const countOffered = ({ capabilities }: Claimer): number =>
  Object.values(capabilities).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : 1),
    0,
  );

/** How many tasks' work a claim is, for the writer: it looks at what is offered, and at the tasks that it takes. */
const weightOf = (request: ClaimRequest): number =>
  request.limit + Math.floor(countOffered(request) / CAPABILITIES_A_TASK);

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
    return toClaimedTasks(await this.#writer.run('claim', request, { weight: weightOf(request), actor }));
  }

  async hasClaimable(claimer: Claimer): Promise<boolean> {
    const [count = 0] = await this.countClaimable([claimer], 1);
    return count > 0;
  }

  async countClaimable(claimers: readonly Claimer[], enough = Number.POSITIVE_INFINITY): Promise<number[]> {
    const next = this.#nextDue.get();
    // For whom it is, the claim will find out that moves it to where the lanes are counted.
    const unknown = next !== undefined && next.at <= this.#clock.now() ? 1 : 0;
    const counts: number[] = [];
    let work = 0;
    for (const claimer of claimers) {
      if (work >= CAPABILITIES_A_TURN) {
        await nextTurn();
        work = 0;
      }
      work += CLAIMER_AS_CAPABILITIES + countOffered(claimer);
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
