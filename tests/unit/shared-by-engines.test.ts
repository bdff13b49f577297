import { expect, test } from '@jest/globals';
import { SpooliteError } from '../../src/core/errors.js';
import { askedIds, bulkCursor, bulkPage, bulkPlan } from '../../src/repositories/shared/bulk-page.js';
import { claimWeight } from '../../src/repositories/shared/claim-weight.js';
import { firstRateMinute, historySpans, startsPerSecond } from '../../src/repositories/shared/history.js';
import { atPlace, replayOf } from '../../src/repositories/shared/idempotency.js';
import { firstOfEach } from '../../src/repositories/shared/settle-together.js';
import { expiredAmong } from '../../src/repositories/shared/sweep.js';
import { busiest, countTypesWithoutWorker } from '../../src/repositories/shared/type-metrics.js';

test('a bulk change reads rows only where ids and statuses do not tell all', () => {
  expect(bulkPlan({ action: 'cancel', filter: {} })).toMatchObject({ readsRows: false, limit: 2_000 });
  expect(bulkPlan({ action: 'cancel', filter: { ids: [1] } })).toMatchObject({ readsRows: true, limit: 500 });
  expect(bulkPlan({ action: 'retry', filter: {} })).toMatchObject({ one: 'failed', readsRows: true });
  expect(bulkPlan({ action: 'cancel', filter: { status: 'failed' } })).toBeNull();
});

test('a bulk retry leaves out what was cancelled, and counts the rest by reason', () => {
  const selection = { action: 'retry', filter: {} } as const;
  const plan = bulkPlan(selection) as NonNullable<ReturnType<typeof bulkPlan>>;
  const page = bulkPage(plan, selection, [
    [9, 'error'],
    [2, 'cancelled'],
    [4, 'error'],
  ]);
  expect(page).toEqual({ ids: [4, 9], byReason: { error: 2 }, cancelledLeftOut: 1 });
  expect(askedIds([5, 3, 3, 9, 1], 1, 8, 10)).toEqual([3, 5]);
  expect([bulkCursor([1, 2], 2), bulkCursor([1], 2)]).toEqual([2, null]);
});

test('a key that was used is answered with its task, or refused for another request', () => {
  const first = { id: 3, status: 'queued', createdAt: 7, digest: 'a' } as const;
  expect(replayOf(first, 'a')).toEqual({ id: 3, status: 'queued', createdAt: 7, replayed: true });
  expect(() => replayOf(first, 'b')).toThrow('was used for task 3');
});

test('a refusal within a batch names the place, and no id of what does not stay', () => {
  const error = new SpooliteError('IDEMPOTENCY_KEY_REUSED', 'was used for task 3');
  expect(atPlace(error, 4, undefined)).toMatchObject({ message: 'was used for task 3' });
  expect(atPlace(error, 4, 1)).toMatchObject({
    message: expect.stringContaining('task 1 of the same batch'),
  });
  expect(atPlace(error, 4, 1)).toMatchObject({ problems: [expect.objectContaining({ pointer: '/4' })] });
});

test('the first settle of a lease goes before others of it', () => {
  const settle = (id: number, leaseToken: string, result: string) => ({ lease: { id, leaseToken }, result });
  const firsts = firstOfEach([settle(1, 'a', 'x'), settle(1, 'b', 'y'), settle(1, 'a', 'z')]);
  expect([...firsts.values()].map(({ result }) => result)).toEqual(['x', 'y']);
});

test('a walk over finished tasks stays behind what may yet end, and leaves other types behind', () => {
  const walk = { rule: { keptMs: 0, types: { only: ['a'] } }, after: { at: 0, id: 0 }, limit: 2 };
  const found = [
    { id: 1, at: 10, type: 'a' },
    { id: 2, at: 20, type: 'b' },
  ];
  expect(expiredAmong(found, walk, 5_000)).toEqual({ ids: [1], cursor: { at: 20, id: 2 }, isEnd: false });
  expect(expiredAmong(found, walk, 1_000)).toEqual({ ids: [1], cursor: walk.after, isEnd: false });
  expect(expiredAmong([], walk, 5_000)).toEqual({ ids: [], cursor: walk.after, isEnd: true });
});

test('types are busiest by live tasks, then by all, then by name; empty ones are none', () => {
  const types = [
    { type: 'c', live: 0, total: 9 },
    { type: 'b', live: 1, total: 1 },
    { type: 'a', live: 0, total: 9 },
    { type: 'd', live: 0, total: 0 },
  ];
  expect(busiest(types, 9).map(({ type }) => type)).toEqual(['b', 'a', 'c']);
  expect(busiest(types, 1)).toHaveLength(1);
});

test('a type is without a worker where none takes one of its tasks', () => {
  const due = [
    { type: 'a', compatibility: '{}' },
    { type: 'b', compatibility: '{"gpu":true}' },
    { type: 'b', compatibility: '{"gpu":true}' },
  ];
  expect(countTypesWithoutWorker(due, [])).toBe(2);
  expect(countTypesWithoutWorker(due, [{ types: null, capabilities: {} }])).toBe(1);
  expect(countTypesWithoutWorker(due, [{ types: ['b'], capabilities: { gpu: true } }])).toBe(1);
});

test('minutes are added up in spans, those without anything too', () => {
  const counts = [10, 11, 14].map((minute) => ({ minute, enqueued: 1, started: 2, completed: 0, failed: 0 }));
  const durations = [10, 11].map((minute) => ({ minute, kind: 'run' as const, bucket: 3, count: 2 }));
  const spans = historySpans({ from: 10, to: 16, step: 2 }, counts, durations);
  expect(spans.map(({ minute, started }) => [minute, started])).toEqual([
    [10, 4],
    [12, 0],
    [14, 2],
  ]);
  expect(spans[0]?.run).toEqual(new Map([[3, 4]]));
});

test('starts a second are those of whole minutes and of the one that has begun', () => {
  const now = 10 * 60_000 + 30_000;
  expect(firstRateMinute(now)).toBe(5);
  expect(startsPerSecond(0, now)).toBeNull();
  expect(startsPerSecond(660, now)).toBe(2);
});

test('a claim weighs what it takes and what it offers', () => {
  const request = { capabilities: { tags: Array(40).fill('x') }, limit: 3 };
  expect(claimWeight(request as never)).toBe(5);
});
