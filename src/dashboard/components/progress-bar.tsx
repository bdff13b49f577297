interface ProgressBarProps {
  /** 0 to 100. */
  progress: number;
  label: string;
}

/** A bar that moves by itself. */
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
