import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { setPrincipal } from '../../src/auth/access-control.js';
import type { HttpResponse } from '../../src/auth/exchange.js';
import { claimedTaskJson, taskTextFor } from '../../src/controllers/task-resource.js';
import type { ClaimedTask } from '../../src/core/task.js';
import { FAILURE_REASONS, TASK_STATUSES } from '../../src/index.js';

const reply = {} as HttpResponse;
setPrincipal(
  reply,
  { name: 'anonymous', key: null, scopes: ['admin'], seesPayloads: true, endsAt: null },
  null,
);
const taskJson = taskTextFor(reply);

const instant = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
const text = fc.string({ unit: 'binary' });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const jsonText = fc.json({ stringUnit: 'binary' });
const objectText = fc
  .dictionary(text, fc.jsonValue({ stringUnit: 'binary' }))
  .map((value) => JSON.stringify(value));

const storedTask: fc.Arbitrary<ClaimedTask> = fc.record({
  id: fc.integer({ min: 1 }),
  type: text,
  status: fc.constantFrom(...TASK_STATUSES),
  priority: fc.integer({ min: 1, max: 1000 }),
  attempts: fc.integer({ min: 0, max: 10 }),
  maxAttempts: fc.integer({ min: 1, max: 10 }),
  payload: objectText,
  compatibility: objectText,
  progress: optional(fc.double({ min: 0, max: 100, noNaN: true })),
  progressMessage: optional(text),
  result: optional(jsonText),
  errorMessage: optional(text),
  failureReason: optional(fc.constantFrom(...FAILURE_REASONS)),
  createdAt: instant,
  updatedAt: instant,
  runAfter: instant,
  processingStartedAt: optional(instant),
  finishedAt: optional(instant),
  leaseUntil: optional(instant),
  lockedBy: optional(text),
  idempotencyKey: optional(text),
  revision: fc.integer({ min: 1 }),
  leaseToken: fc.uuid(),
  leaseMs: fc.integer({ min: 1 }),
  traceparent: optional(text),
});

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** The mapping as one would write it without a thought for speed. */
const naive = (task: ClaimedTask) => ({
  task_id: task.id,
  type: task.type,
  status: task.status,
  priority: task.priority,
  attempts: task.attempts,
  max_attempts: task.maxAttempts,
  payload: JSON.parse(task.payload),
  compatibility: JSON.parse(task.compatibility),
  progress: task.progress,
  progress_message: task.progressMessage,
  result: task.result === null ? null : JSON.parse(task.result),
  error_message: task.errorMessage,
  failure_reason: task.failureReason,
  created_at_utc: iso(task.createdAt),
  updated_at_utc: iso(task.updatedAt),
  run_after_utc: iso(task.runAfter),
  processing_started_utc: iso(task.processingStartedAt),
  finished_at_utc: iso(task.finishedAt),
  lease_until_utc: iso(task.leaseUntil),
  locked_by: task.lockedBy,
  idempotency_key: task.idempotencyKey,
  done: task.finishedAt !== null,
});

/** Parsed and written again: the order of members counts, the spelling of numbers and spaces in stored JSON does not. */
const normal = (json: string): string => JSON.stringify(JSON.parse(json));

test('the text that is sent equals the naive mapping, for any task', () => {
  fc.assert(
    fc.property(storedTask, (task) => {
      expect(normal(taskJson(task))).toBe(JSON.stringify(naive(task)));
    }),
    { numRuns: 500 },
  );
});

test('stored JSON passes through as it is', () => {
  fc.assert(
    fc.property(storedTask, (task) => {
      expect(taskJson(task)).toContain(`"payload":${task.payload},"compatibility":${task.compatibility},`);
    }),
  );
});

test('a claimed task is the same with its token and trace after it', () => {
  fc.assert(
    fc.property(storedTask, (task) => {
      const expected = { ...naive(task), lease_token: task.leaseToken, traceparent: task.traceparent };
      expect(normal(claimedTaskJson(task))).toBe(JSON.stringify(expected));
    }),
  );
});
