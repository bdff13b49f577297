import { describeError } from '../api/client.js';

/** Stands where something will, so that nothing jumps when it comes; says so when it takes longer than a moment. */
export const Loading = () => (
  <div className="panel panel-to-come" role="status" aria-busy="true">
    <span className="loading">Loading…</span>
  </div>
);

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
      <p>{describeError(error)}</p>
      {onRetry && (
        <button type="button" className="button small-button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Instead of a payload or a result that the key may not see. */
export const HiddenValue = () => (
  <p className="quiet">Hidden: on this server, only keys with the admin scope see payloads and results.</p>
);
