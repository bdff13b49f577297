import { ManualClock, type Random } from '../../src/core/clock.js';
import { canonicalJson, type JsonObject } from '../../src/core/json.js';
import type { AttemptFailure } from '../../src/core/retry.js';
import { type ClaimedTask, type StoredTask, TASK_STATUSES } from '../../src/core/task.js';
import type { TaskRequest } from '../../src/core/task-request.js';
import type { ClaimRequest } from '../../src/repositories/lease-repository.js';
import type { QueueStats } from '../../src/repositories/stats-repository.js';
import type { Storage } from '../../src/repositories/storage.js';
import type { TaskFilter } from '../../src/repositories/task-repository.js';
import { onTestEnd } from './cleanup.js';

/** Opens a new, empty storage of the engine under test, with its time from the clock. */
export type OpenStorage = (clock: ManualClock) => Storage;

export const LEASE_MS = 60_000;

/** What an attempt fails of, unless a test says otherwise: to be retried at once. */
export const failure = (wishes: Partial<AttemptFailure> = {}): AttemptFailure => ({
  errorMessage: 'no route to host',
  reason: 'error',
  retryDelayMs: 0,
  ...wishes,
});

/** A storage with the clock it goes by, closed when the test ends, and what tests do with it again and again. */
export class QueueUnderTest {
  readonly clock = new ManualClock();
  readonly storage: Storage;

  /** `closing` is told how to close the storage; by default it is closed when the test ends. */
  constructor(open: OpenStorage, closing: (close: () => Promise<void>) => void = onTestEnd) {
    this.storage = open(this.clock);
    closing(() => this.storage.close());
  }

  get tasks() {
    return this.storage.repositories.tasks;
  }

  get changes() {
    return this.storage.repositories.changes;
  }

  get leases() {
    return this.storage.repositories.leases;
  }

  /** Resolves to the new task's id. */
  async enqueue(wishes: TaskWishes = {}): Promise<number> {
    return (await this.tasks.enqueue(newTask(wishes))).id;
  }

  claim(wishes: Partial<ClaimRequest> = {}): Promise<ClaimedTask[]> {
    return this.leases.claim({
      workerId: 'worker-a',
      types: null,
      capabilities: {},
      limit: 1,
      leaseMs: LEASE_MS,
      strategy: 'priority',
      ...wishes,
    });
  }

  /** Claims one task; throws when there is none. */
  async claimOne(wishes: Partial<ClaimRequest> = {}): Promise<ClaimedTask> {
    const [task] = await this.claim(wishes);
    if (!task) throw new Error('Nothing was claimed');
    return task;
  }

  async claimedIds(wishes: Partial<ClaimRequest> = {}): Promise<number[]> {
    return (await this.claim(wishes)).map(({ id }) => id);
  }

  find(id: number): Promise<StoredTask> {
    return this.tasks.find(id);
  }

  /** The tasks of a page, newest first. */
  async list(filter: TaskFilter, limit: number, before?: number): Promise<StoredTask[]> {
    return this.tasks.findMany((await this.tasks.listIds(filter, limit, before)).ids);
  }

  /** `level message` of each log entry of a task, oldest first. */
  async log(taskId: number): Promise<string[]> {
    const entries = (await this.storage.repositories.logs.list({ taskId, limit: 1000 })).entries;
    return entries.map(({ level, message }) => `${level} ${message}`);
  }

  stats(): Promise<QueueStats> {
    return this.storage.repositories.stats.overview();
  }

  /** What the stats ought to be, counted from the list of tasks. */
  async recount(): Promise<QueueStats> {
    const all = await this.list({}, 1000);
    const counts = TASK_STATUSES.map((status) => [
      status,
      all.filter((task) => task.status === status).length,
    ]);
    const oldest = all.filter(({ status }) => status === 'queued').at(-1);
    return { ...Object.fromEntries(counts), oldestQueuedAt: oldest?.createdAt ?? null };
  }
}

export interface TaskWishes extends Partial<Omit<TaskRequest, 'payload' | 'compatibility'>> {
  payload?: JsonObject;
  compatibility?: JsonObject;
}

/** A task of type `mail` with the defaults of the API, unless wished otherwise. */
export const newTask = ({ payload = {}, compatibility = {}, ...wishes }: TaskWishes = {}): TaskRequest => ({
  type: 'mail',
  priority: 100,
  maxAttempts: 5,
  runAfter: null,
  idempotencyKey: null,
  ...wishes,
  payload: JSON.stringify(payload),
  compatibility: canonicalJson(compatibility),
});

/** The same numbers in [0, 1) on every run (mulberry32), so that a test of chance cannot flake. */
export function seededRandom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
