import type { FailureReason } from '../../domain/task-status.js';

/** Each reason in words; an ordinary error needs none beside its message. */
export const REASONS: Record<FailureReason, string> = {
  error: '',
  cancelled: 'cancelled',
  timeout: 'timeout',
  lease_expired: 'lease expired',
  rejected: 'rejected',
  no_handler: 'no handler',
};
