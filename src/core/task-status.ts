/** "Scheduled" and "waiting to retry" are `queued` with a later due time. */
export const TASK_STATUSES = ['queued', 'processing', 'completed', 'failed'] as const;

/** Why a failed task failed; null on every other task. */
export const FAILURE_REASONS = [
  'error',
  'cancelled',
  'timeout',
  'lease_expired',
  'rejected',
  'no_handler',
] as const;

export type TaskStatus = (typeof TASK_STATUSES)[number];

export type FailureReason = (typeof FAILURE_REASONS)[number];

export const isFinished = (status: TaskStatus): boolean => status === 'completed' || status === 'failed';
