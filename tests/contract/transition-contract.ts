import { describe, expect, test } from '@jest/globals';
import { TASK_STATUSES, type TaskStatus } from '../../src/core/task.js';
import { canTransition, type TaskTransitionEvent, TRANSITIONS } from '../../src/core/transitions.js';
import type { Lease } from '../../src/repositories/lease-repository.js';
import { failure, LEASE_MS, type OpenStorage, QueueUnderTest } from '../support/queue-under-test.js';

/** Does to a task what the event says. On a task that no lease is held of, the worker brings a made-up one. */
const EVENTS: Record<
  Exclude<TaskTransitionEvent, 'enqueue'>,
  (queue: QueueUnderTest, lease: Lease) => Promise<unknown>
> = {
  claim: (queue) => queue.claim({ limit: 100 }),
  complete: (queue, lease) => queue.leases.complete(lease, null),
  fail: (queue, lease) => queue.leases.fail(lease, failure()),
  release: (queue, lease) => queue.leases.release(lease),
  expire: async (queue) => {
    queue.clock.advance(LEASE_MS);
    await queue.leases.reap();
  },
  cancel: (queue, { id }) => queue.tasks.cancel(id),
  retry: (queue, { id }) => queue.tasks.retry(id),
};

const NAMES = Object.keys(EVENTS) as (keyof typeof EVENTS)[];

/** A task of a type of its own, brought into a status. */
async function taskIn(queue: QueueUnderTest, status: TaskStatus, maxAttempts: number): Promise<Lease> {
  const type = `${status} ${maxAttempts}`;
  const id = await queue.enqueue({ type, maxAttempts });
  if (status === 'queued') return { id, leaseToken: 'made up' };
  const task = await queue.claimOne({ types: [type] });
  if (status === 'processing') return task;
  if (status === 'completed') await queue.leases.complete(task, null);
  else await queue.leases.fail(task, failure({ retryDelayMs: null }));
  return { id, leaseToken: 'made up' };
}

export function describeTransitions(open: OpenStorage): void {
  describe('the state machine', () => {
    test.each(NAMES)('%s leads where the table says, and nowhere else', async (event) => {
      const queue = new QueueUnderTest(open);
      const seen = new Set<string>();
      for (const from of TASK_STATUSES) {
        for (const maxAttempts of [1, 2]) {
          const lease = await taskIn(queue, from, maxAttempts);
          const before = await queue.find(lease.id);
          const error = await EVENTS[event](queue, lease).then(
            () => null,
            ({ code }) => code,
          );
          const after = await queue.find(lease.id);
          if (after.status === from) {
            expect(after).toEqual(before);
            expect([null, 'LEASE_LOST', 'TASK_NOT_FINISHED']).toContain(error);
            continue;
          }
          expect(error).toBeNull();
          expect(canTransition(event, from, after.status)).toBe(true);
          seen.add(`${from} → ${after.status}`);
        }
      }
      expect([...seen].sort()).toEqual(TRANSITIONS[event].map(([from, to]) => `${from} → ${to}`).sort());
    });

    test('enqueue leads from nothing to queued', async () => {
      const queue = new QueueUnderTest(open);
      const { status } = await queue.find(await queue.enqueue());
      expect(TRANSITIONS.enqueue).toEqual([[null, status]]);
    });
  });
}
