import type { FailureReason, TaskStatus } from '../../domain/task-status.js';

interface StatusBadgeProps {
  status: TaskStatus;
  failureReason?: FailureReason | null;
}

const REASONS: Record<FailureReason, string> = {
  error: '',
  cancelled: 'cancelled',
  timeout: 'timeout',
  lease_expired: 'lease expired',
  rejected: 'rejected',
  no_handler: 'no handler',
};

/** The status of a task, in words and colour. */
export function StatusBadge({ status, failureReason }: StatusBadgeProps) {
  const reason = failureReason ? REASONS[failureReason] : '';
  return (
    <span className="badge" data-status={status}>
      {reason ? `${status}: ${reason}` : status}
    </span>
  );
}
