import { useConnectionState } from '../live/use-connection-state.js';

const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Disconnected' };

/** Whether what is shown follows the server. */
export function ConnectionNote() {
  const state = useConnectionState();
  return (
    <span className="connection" data-state={state} role="status">
      {WORDS[state]}
    </span>
  );
}

/** Says, over everything else, that what is shown may be out of date. */
export function ConnectionLost() {
  if (useConnectionState() !== 'lost') return null;
  return (
    <p className="connection-lost" role="alert">
      The server does not answer. What you see is from before; this page tries again by itself.
    </p>
  );
}
