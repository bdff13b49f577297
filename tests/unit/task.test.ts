import { expect, test } from '@jest/globals';
import { type StoredTask, toTask } from '../../src/core/task.js';

const STORED: StoredTask = {
  id: 7,
  type: 'mail',
  status: 'completed',
  priority: 50,
  attempts: 2,
  maxAttempts: 5,
  payload: '{"to":["a@example.com"],"__proto__":{"kept":true}}',
  compatibility: '{"region":"us"}',
  progress: 100,
  progressMessage: 'sent',
  result: '{"accepted":1}',
  errorMessage: null,
  failureReason: null,
  createdAt: 0,
  updatedAt: 4,
  runAfter: 1,
  processingStartedAt: 2,
  finishedAt: 4,
  leaseUntil: null,
  lockedBy: 'worker-a',
  idempotencyKey: 'k',
  revision: 99,
};

test('a finished task, as TypeScript code sees it', () => {
  expect(toTask(STORED)).toEqual({
    taskId: 7,
    type: 'mail',
    status: 'completed',
    priority: 50,
    attempts: 2,
    maxAttempts: 5,
    payload: JSON.parse(STORED.payload),
    compatibility: { region: 'us' },
    progress: 100,
    progressMessage: 'sent',
    result: { accepted: 1 },
    errorMessage: null,
    failureReason: null,
    createdAt: new Date(0),
    updatedAt: new Date(4),
    runAfter: new Date(1),
    processingStartedAt: new Date(2),
    finishedAt: new Date(4),
    leaseUntil: null,
    lockedBy: 'worker-a',
    idempotencyKey: 'k',
    done: true,
  });
});

test('a live task is not done, and has neither result nor end', () => {
  const live = toTask({ ...STORED, status: 'processing', result: null, finishedAt: null, leaseUntil: 9 });
  expect(live).toMatchObject({ done: false, result: null, finishedAt: null, leaseUntil: new Date(9) });
});

test.each(['null', '0', 'false', '""'])('a result of %s is a result', (result) => {
  expect(toTask({ ...STORED, result }).result).toBe(JSON.parse(result));
});
