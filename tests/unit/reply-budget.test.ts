import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { ReplyBudget } from '../../src/services/reply-budget.js';

const MB = 1024 * 1024;

/** A client that takes what is sent to it when a test says so. */
class Client extends EventEmitter {
  closed = false;

  destroy(): void {
    this.closed = true;
    this.emit('close');
  }
}

const open = () => new Client() as never;

/** Whether a promise is settled once everybody has had a turn. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
  return settled;
}

describe('the budget of large replies', () => {
  test('has whoever wants to read wait until others have taken theirs, in order', async () => {
    const budget = new ReplyBudget(2 * MB);
    const taken = budget.hold(open(), MB);
    await budget.room(open());
    budget.hold(open(), MB);
    const [first, second] = [budget.room(open()), budget.room(open())];
    expect(await isSettled(first)).toBe(false);
    taken();
    // The first one reads at once, before the second one may.
    await first;
    const takenToo = budget.hold(open(), MB);
    expect(await isSettled(second)).toBe(false);
    takenToo();
    await second;
  });

  test('counts nobody who has gone, and no small reply', async () => {
    const budget = new ReplyBudget(MB);
    const gone = new Client();
    budget.hold(gone as never, MB);
    expect(budget.isFull).toBe(true);
    const waiting = new Client();
    const room = budget.room(waiting as never);
    waiting.destroy();
    await room;
    gone.destroy();
    expect(budget.isFull).toBe(false);
    for (let n = 0; n < 1000; n++) budget.hold(open(), 60_000);
    expect(budget.isFull).toBe(false);
  });

  test('cuts off a reader that takes nothing while others wait, and nobody else', async () => {
    let now = 0;
    const budget = new ReplyBudget(2 * MB, { monotonic: () => now, timeoutMs: 20 });
    const [stalled, recent] = [new Client(), new Client()];
    budget.hold(stalled as never, MB);
    now = 100;
    budget.hold(recent as never, MB);
    await budget.room(open());
    expect([stalled.closed, recent.closed]).toEqual([true, false]);
  });

  test('is full for those who come when all others are about to take theirs', async () => {
    const budget = new ReplyBudget(MB, { monotonic: () => 0, timeoutMs: 20 });
    budget.hold(open(), MB);
    await expect(budget.room(open())).rejects.toMatchObject({ code: 'NOT_READY' });
  });
});
