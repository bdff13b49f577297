import type { FailureReason, TaskStatus } from '../../domain/task-status.js';
import { REASONS } from './failure-reasons.js';

interface StatusBadgeProps {
  status: TaskStatus;
  failureReason?: FailureReason | null;
}

/** The status of a task, in words and colour. */
export function StatusBadge({ status, failureReason }: StatusBadgeProps) {
  const reason = failureReason ? REASONS[failureReason] : '';
  return (
    <span className="badge" data-status={status}>
      {reason ? `${status}: ${reason}` : status}
    </span>
  );
}
