import { expect, test } from '@jest/globals';
import { createApp } from '../../src/index.js';
import { resolveRetention } from '../../src/maintenance/retention-options.js';

const DAY_MS = 86_400_000;

test('without anything said, tasks, logs and the audit log go one after the other', () => {
  expect(resolveRetention({})).toEqual({
    completedMs: 7 * DAY_MS,
    failedMs: 30 * DAY_MS,
    logsMs: 30 * DAY_MS,
    auditMs: 365 * DAY_MS,
    types: {},
  });
});

test('days may be fractions, and null is for ever', () => {
  const retentionByType = { mail: { completed: 0.5, failed: null }, fax: { logs: 0, failed: undefined } };
  expect(resolveRetention({ keepCompletedDays: null, keepLogDays: 0, retentionByType })).toMatchObject({
    completedMs: null,
    logsMs: 0,
    types: { mail: { completedMs: DAY_MS / 2, failedMs: null }, fax: { logsMs: 0 } },
  });
});

test.each([
  [{ keepCompletedDays: -1 }, 'keepCompletedDays must be a number of days, 0 or more, or null, not -1.'],
  [{ keepAuditDays: Number.NaN }, 'keepAuditDays must be a number of days'],
  [
    { retentionByType: { mail: { failed: -1 } } },
    'retentionByType of "mail": failed must be a number of days',
  ],
  [
    { retentionByType: { mail: { complete: 1 } as object } },
    'retentionByType of "mail": complete is not one of completed, failed and logs.',
  ],
])('%j is refused before anything is opened', (options, message) => {
  expect(() => createApp({ database: '/nowhere/queue.db', ...options })).toThrow(message);
});
