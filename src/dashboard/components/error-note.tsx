import { errorText } from '../api/error-text.js';

interface ErrorNoteProps {
  /** What could not be done. */
  title: string;
  error: Error;
  onRetry?(): void;
}

/** Says what went wrong, and offers to try again. */
export function ErrorNote({ title, error, onRetry }: ErrorNoteProps) {
  return (
    <div className="notice bad" role="alert">
      <strong>{title}</strong>
      <p>{errorText(error)}</p>
      {onRetry && (
        <button type="button" className="button small-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
