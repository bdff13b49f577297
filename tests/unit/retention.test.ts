import { expect, test } from '@jest/globals';
import { type Retention, retentionRules, typeMatcher } from '../../src/core/maintenance.js';

const kept: Retention = {
  completedMs: 7,
  failedMs: null,
  logsMs: 30,
  auditMs: null,
  types: {
    a: { completedMs: 1 },
    b: { completedMs: 1, failedMs: 5 },
    c: { completedMs: null },
    d: { completedMs: 7 },
  },
};

test('there is one rule for each length of time, however many types share it', () => {
  expect(retentionRules(kept, 'completedMs')).toEqual([
    { keptMs: 7, types: { except: ['a', 'b', 'c'] } },
    { keptMs: 1, types: { only: ['a', 'b'] } },
  ]);
});

test('what is kept for ever has no rule', () => {
  expect(retentionRules(kept, 'failedMs')).toEqual([{ keptMs: 5, types: { only: ['b'] } }]);
});

test('without anything said of types there is one rule for all', () => {
  expect(retentionRules(kept, 'logsMs')).toEqual([{ keptMs: 30, types: { except: [] } }]);
});

test('a rule is for certain types, or for all but those', () => {
  expect(['a', 'x'].map(typeMatcher({ only: ['a'] }))).toEqual([true, false]);
  expect(['a', 'x'].map(typeMatcher({ except: ['a'] }))).toEqual([false, true]);
});
