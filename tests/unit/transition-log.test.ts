import { expect, test } from '@jest/globals';
import { LOGGED_AS, loggedEvent } from '../../src/core/task-log.js';
import type { TaskTransitionEvent } from '../../src/core/transitions.js';
import { failure, LEASE_MS, QueueUnderTest } from '../support/queue-under-test.js';
import { openInMemory } from '../support/sqlite.js';

test('the words of the log tell every transition that a queue makes', async () => {
  const queue = new QueueUnderTest((clock) => openInMemory(clock));
  const { leases, tasks, clock } = queue;
  const id = await queue.enqueue({ maxAttempts: 3 });
  const made: TaskTransitionEvent[] = [];
  const step = async (event: TaskTransitionEvent, change: () => Promise<unknown>) => {
    await change();
    made.push(event);
  };
  const claim = () => step('claim', () => queue.claim());
  const end = async (
    event: TaskTransitionEvent,
    change: (task: Awaited<ReturnType<typeof queue.claimOne>>) => Promise<unknown>,
  ) => {
    const task = await queue.claimOne();
    made.push('claim');
    await step(event, () => change(task));
  };
  await end('release', (task) => leases.release(task));
  await end('fail', (task) => leases.fail(task, failure()));
  await claim();
  clock.advance(LEASE_MS);
  await step('expire', () => leases.reap());
  await end('fail', (task) => leases.fail(task, failure()));
  await step('retry', () => tasks.retry(id));
  await end('complete', (task) => leases.complete(task, null));
  await step('retry', () => tasks.retry(id));
  await step('cancel', () => tasks.cancel(id));
  const messages = (await queue.storage.repositories.logs.list({ taskId: id, limit: 100 })).entries.map(
    ({ message }) => message,
  );
  expect(messages.map(loggedEvent)).toEqual(made);
});

test('each wording is of one transition, and none begins another', () => {
  const words = Object.values(LOGGED_AS);
  for (const one of words) {
    expect(loggedEvent(`${one}worker-a`)).not.toBeNull();
    expect(words.filter((other) => one.startsWith(other))).toEqual([one]);
  }
});

test.each(['', 'opened the file', 'claimed by me', ' Completed'])(
  '"%s" is what a handler says',
  (message) => {
    expect(loggedEvent(message)).toBeNull();
  },
);
