import { expect } from '@jest/globals';
import type { StoredTask } from '../../src/domain/stored-task.js';
import { TASK_STATUSES } from '../../src/domain/task-status.js';
import type { QueueModel } from './queue-model.js';
import type { QueueUnderTest } from './queue-under-test.js';

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
