import { expect } from '@jest/globals';
import fc from 'fast-check';
import { isFinished, type StoredTask, TASK_STATUSES } from '../../src/core/task.js';
import { STRATEGIES, type Strategy } from '../../src/core/workers.js';
import type { Given, QueueModel } from './queue-model.js';
import { newTask, type QueueUnderTest, type TaskWishes } from './queue-under-test.js';

/** A lease that is renewed without news is no change. */
const withoutLease = (task: StoredTask): StoredTask => ({ ...task, leaseUntil: null });

/** What is known of the real queue as it was after the command before. */
export class Witness {
  #before = new Map<number, StoredTask>();
  #newest = 0;

  /** Holds the real queue against the model, and against what must always be true of it. */
  async check(model: QueueModel, real: QueueUnderTest): Promise<void> {
    const tasks = await real.list({}, 1000);
    this.#asTheModelSays(model, tasks);
    await this.#countsAreExact(real, tasks);
    await this.#oneOwner(model, real);
    this.#revisionsTell(tasks);
    for (const { attempts, maxAttempts } of tasks) expect(attempts).toBeLessThanOrEqual(maxAttempts);
  }

  #asTheModelSays(model: QueueModel, tasks: StoredTask[]): void {
    const expected = model.list();
    const keys = Object.keys(expected[0] ?? {}) as (keyof StoredTask)[];
    expect(tasks.map((task) => Object.fromEntries(keys.map((key) => [key, task[key]])))).toEqual(expected);
  }

  async #countsAreExact(real: QueueUnderTest, tasks: StoredTask[]): Promise<void> {
    expect(await real.stats()).toEqual(await real.recount());
    for (const { type, waitMs: _, runMs: __, ...counts } of await real.storage.repositories.stats.byType(
      100,
    )) {
      const recount = TASK_STATUSES.map((status) => [
        status,
        tasks.filter((task) => task.type === type && task.status === status).length,
      ]);
      expect({ type, ...counts }).toEqual({ type, ...Object.fromEntries(recount) });
    }
  }

  /** Of all leases ever given, those are held that the model says, and no other. */
  async #oneOwner(model: QueueModel, real: QueueUnderTest): Promise<void> {
    const lost = await real.leases.findLost(model.given);
    const lostTokens = new Set(lost.map(({ leaseToken }) => leaseToken));
    const held = model.given.filter(({ leaseToken }) => !lostTokens.has(leaseToken));
    expect(held).toEqual(model.given.filter((lease) => model.holds(lease)));
    expect(new Set(held.map(({ id }) => id)).size).toBe(held.length);
  }

  /** One revision each; the same revision means the same task but for its lease, another is higher than all that were before. */
  #revisionsTell(tasks: StoredTask[]): void {
    expect(new Set(tasks.map(({ revision }) => revision)).size).toBe(tasks.length);
    for (const task of tasks) {
      const before = this.#before.get(task.id);
      if (before?.revision === task.revision) expect(withoutLease(task)).toEqual(withoutLease(before));
      else expect(task.revision).toBeGreaterThan(this.#newest);
    }
    this.#newest = Math.max(this.#newest, ...tasks.map(({ revision }) => revision));
    this.#before = new Map(tasks.map((task) => [task.id, task]));
  }
}

export interface Real {
  queue: QueueUnderTest;
  witness: Witness;
}

type Command = fc.AsyncCommand<QueueModel, Real>;

/** What a command does to both, and that all is well afterwards. `text` is what a counterexample shows. */
const command = (
  text: string,
  run: (model: QueueModel, queue: QueueUnderTest) => Promise<unknown>,
): Command => ({
  check: () => true,
  async run(model, { queue, witness }) {
    await run(model, queue);
    await witness.check(model, queue);
  },
  toString: () => text,
});

/** The code of the error that a write ends with, or null. */
const codeOf = (write: Promise<unknown>): Promise<string | null> =>
  write.then(
    () => null,
    ({ code }) => code,
  );

const pick = <T>(values: readonly T[], at: number): T | undefined => values[at % values.length];

const enqueue = (wishes: TaskWishes, delayMs: number | null) =>
  command(`enqueue ${JSON.stringify({ ...wishes, delayMs })}`, async (model, { tasks }) => {
    const runAfter = delayMs === null ? null : model.now + delayMs;
    const asked = { ...wishes, runAfter };
    const first = model.withKey(wishes.idempotencyKey);
    if (!first) {
      model.enqueue((await tasks.enqueue(newTask(asked))).id, asked);
      return;
    }
    // Without a due time two requests can be the same; how they are compared has tests of its own.
    const reply = await tasks.enqueue(newTask(asked)).catch(({ code }) => code);
    if (reply !== 'IDEMPOTENCY_KEY_REUSED')
      expect(reply).toMatchObject({ id: first.id, status: first.status, replayed: true });
  });

interface ClaimWishes {
  workerId: string;
  limit: number;
  types: string[] | null;
  strategy: Strategy;
  leaseMs: number;
}

const claim = (wishes: ClaimWishes) =>
  command(`claim ${JSON.stringify(wishes)}`, async (model, queue) => {
    const due = model.due(wishes.types);
    if (wishes.strategy === 'fifo') due.sort((a, b) => a.id - b.id);
    if (wishes.strategy === 'lifo') due.sort((a, b) => b.id - a.id);
    const claimed = await queue.claim(wishes);
    const ids = claimed.map(({ id }) => id);
    const idsOf = (tasks: readonly { id: number }[]) => tasks.map(({ id }) => id);
    if (wishes.strategy === 'weighted_random') {
      // In the order in which they were drawn, every one of them was allowed.
      const drawn = due
        .filter(({ id }) => ids.includes(id))
        .sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
      expect(idsOf(model.claimable(drawn, wishes.workerId, wishes.limit))).toEqual(ids);
      expect(new Set(ids).size).toBe(ids.length);
    } else expect(ids).toEqual(idsOf(model.claimable(due, wishes.workerId, wishes.limit)));
    for (const task of claimed) model.claim(task, wishes.workerId, wishes.leaseMs);
  });

/** Something that a worker writes with a lease, be it held or long lost. */
const withLease = (
  text: string,
  at: number,
  write: (queue: QueueUnderTest, lease: Given) => Promise<unknown>,
  held: (model: QueueModel, lease: Given) => void,
  isRepeated: (model: QueueModel, lease: Given) => boolean,
) =>
  command(`${text} with lease ${at}`, async (model, queue) => {
    const lease = pick(model.given, at);
    if (!lease) return;
    const code = await codeOf(write(queue, lease));
    if (!model.tasks.has(lease.id)) expect(code).toBe('TASK_NOT_FOUND');
    else if (model.holds(lease)) {
      expect(code).toBeNull();
      held(model, lease);
    } else expect(code).toBe(isRepeated(model, lease) ? null : 'LEASE_LOST');
  });

const settledAs = (model: QueueModel, { id, leaseToken }: Given): string | null => {
  const settled = model.tasks.get(id)?.settled;
  return settled?.token === leaseToken ? settled.as : null;
};

const complete = (at: number, result: string | null) =>
  withLease(
    `complete ${result}`,
    at,
    ({ leases }, lease) => leases.complete(lease, result),
    (model, lease) => model.complete(lease, result),
    (model, lease) => settledAs(model, lease) === `complete ${result}`,
  );

const fail = (at: number, errorMessage: string, retryDelayMs: number | null) =>
  withLease(
    `fail ${errorMessage} ${retryDelayMs}`,
    at,
    ({ leases }, lease) => leases.fail(lease, { errorMessage, reason: 'error', retryDelayMs }),
    (model, lease) => model.fail(lease, errorMessage, retryDelayMs),
    (model, lease) =>
      settledAs(model, lease) === 'fail' && model.tasks.get(lease.id)?.errorMessage === errorMessage,
  );

const release = (at: number) =>
  withLease(
    'release',
    at,
    ({ leases }, lease) => leases.release(lease),
    (model, lease) => model.release(lease),
    (model, lease) => settledAs(model, lease) === 'release',
  );

const renew = (at: number, leaseMs: number | null, percent: number | null) =>
  withLease(
    `renew ${leaseMs} ${percent}`,
    at,
    ({ leases }, lease) =>
      leases.renew({ ...lease, leaseMs, progress: percent === null ? null : { percent, message: null } }),
    (model, lease) => model.renew(lease, leaseMs, percent),
    () => false,
  );

const cancel = (at: number) =>
  command(`cancel ${at}`, async (model, { tasks }) => {
    const id = pick(model.ids, at);
    if (id === undefined) return;
    const task = model.tasks.get(id);
    if (!task) return expect(await codeOf(tasks.cancel(id))).toBe('TASK_NOT_FOUND');
    const changed = !isFinished(task.status);
    if (changed) model.cancel(id);
    expect(await tasks.cancel(id)).toEqual({ id, status: task.status, changed });
  });

const retry = (at: number) =>
  command(`retry ${at}`, async (model, { tasks }) => {
    const id = pick(model.ids, at);
    if (id === undefined) return;
    const task = model.tasks.get(id);
    const code = await codeOf(tasks.retry(id));
    if (!task) expect(code).toBe('TASK_NOT_FOUND');
    else if (isFinished(task.status)) {
      expect(code).toBeNull();
      model.retry(id);
    } else expect(code).toBe('TASK_NOT_FINISHED');
  });

const reap = command('reap', async (model, { leases }) => expect(await leases.reap()).toBe(model.reap()));

const prune = command('prune', async (model, { storage }) => {
  const walk = { rule: { keptMs: 0, types: { except: [] } }, after: { at: -1, id: 0 }, limit: 1000 };
  const { retention } = storage.repositories;
  const completed = await retention.pruneTasks({ ...walk, status: 'completed' });
  const failed = await retention.pruneTasks({ ...walk, status: 'failed' });
  expect(completed.deleted + failed.deleted).toBe(model.prune());
});

const move = (milliseconds: number) =>
  command(`clock ${milliseconds}`, async (model, { clock }) => {
    clock.advance(milliseconds);
    model.now = clock.now();
  });

const places = fc.nat(30);
const delays = fc.constantFrom(null, 0, 1, 1_000, 60_000);
const types = fc.constantFrom('mail', 'video');
const messages = fc.constantFrom('no route', 'no room');
const leases = fc.constantFrom(1_000, 5_000, 60_000);

/** Every command, the common ones more often. */
export const COMMANDS: fc.Arbitrary<Command>[] = [
  fc
    .record({
      type: types,
      priority: fc.constantFrom(1, 50, 1000),
      maxAttempts: fc.integer({ min: 1, max: 3 }),
      idempotencyKey: fc.constantFrom(null, null, 'a', 'b'),
    })
    .chain((wishes) => delays.map((delayMs) => enqueue(wishes, delayMs))),
  fc
    .record({
      workerId: fc.constantFrom('worker-a', 'worker-b'),
      limit: fc.integer({ min: 1, max: 4 }),
      types: fc.constantFrom<string[] | null>(null, ['mail'], ['video', 'none']),
      strategy: fc.constantFrom(...STRATEGIES),
      leaseMs: leases,
    })
    .map(claim),
  fc.tuple(places, fc.constantFrom(null, '1', '{"a":[]}')).map((args) => complete(...args)),
  fc.tuple(places, messages, fc.constantFrom(null, 0, 500, 60_000)).map((args) => fail(...args)),
  places.map(release),
  fc
    .tuple(places, fc.option(leases), fc.option(fc.integer({ min: 0, max: 100 })))
    .map((args) => renew(...args)),
  places.map(cancel),
  places.map(retry),
  fc.constant(reap),
  fc.constant(prune),
  fc.constantFrom(1, 999, 5_000, 60_000, 3_600_000, -5_000, -3_600_000).map(move),
];
