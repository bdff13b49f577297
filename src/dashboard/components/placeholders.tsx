import { describeError } from '../api/client.js';

/** Reserves room, so that nothing jumps; the text appears only after a moment. */
export const Loading = () => (
  <div className="panel panel-to-come" role="status" aria-busy="true">
    <span className="loading">Loading…</span>
  </div>
);

interface ErrorNoteProps {
  /** The failed action. */
  title: string;
  error: Error;
  onRetry?(): void;
}

/** An error with a button to retry. */
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

/** In place of a payload or a result that the key may not see. */
export const HiddenValue = () => (
  <p className="quiet">Hidden: on this server, only keys with the admin scope see payloads and results.</p>
);
