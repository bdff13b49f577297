import type { FailureReason, TaskStatus } from '../../core/task.js';

/** Failure reasons in words; an ordinary error needs none beside its message. */
export const REASONS: Record<FailureReason, string> = {
  error: '',
  cancelled: 'cancelled',
  timeout: 'timeout',
  lease_expired: 'lease expired',
  rejected: 'rejected',
  no_handler: 'no handler',
};

interface StatusBadgeProps {
  status: TaskStatus;
  failureReason?: FailureReason | null;
}

export function StatusBadge({ status, failureReason }: StatusBadgeProps) {
  const reason = failureReason ? REASONS[failureReason] : '';
  return (
    <span className="badge" data-status={status}>
      {reason ? `${status}: ${reason}` : status}
    </span>
  );
}

interface ProgressBarProps {
  /** 0 to 100. */
  progress: number;
  label: string;
}

export function ProgressBar({ progress, label }: ProgressBarProps) {
  return (
    <span
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(progress)}
    >
      <span className="progress-done" style={{ transform: `scaleX(${progress / 100})` }} />
    </span>
  );
}
