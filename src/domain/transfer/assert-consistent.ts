import { isFinished } from '../task-status.js';
import { LineProblem } from './line-problem.js';
import type { TransferTask } from './transfer-task.js';

/** What holds between the fields of every task, as the database demands it too. */
const RULES: readonly [says: string, holds: (task: TransferTask) => boolean][] = [
  ['attempts must not be above max_attempts', ({ attempts, maxAttempts }) => attempts <= maxAttempts],
  [
    'a queued task must have attempts left',
    ({ status, attempts, maxAttempts }) => status !== 'queued' || attempts < maxAttempts,
  ],
  [
    'finished_at_utc must be there when the task is finished, and only then',
    ({ status, finishedAt }) => isFinished(status) === (finishedAt !== null),
  ],
  [
    'failure_reason must be there when the task has failed, and only then',
    ({ status, failureReason }) => (status === 'failed') === (failureReason !== null),
  ],
  [
    'a task that is processing must say by whom it is locked',
    ({ status, lockedBy }) => status !== 'processing' || lockedBy !== null,
  ],
  [
    'idempotency_key and request_digest must be there both or neither',
    ({ idempotencyKey, requestDigest }) => (idempotencyKey === null) === (requestDigest === null),
  ],
];

/** Throws {@link LineProblem} where a task contradicts itself. */
export function assertConsistent(task: TransferTask): void {
  const broken = RULES.find(([, holds]) => !holds(task));
  if (broken) throw new LineProblem(broken[0]);
}
