import type { ReactNode } from 'react';
import { ErrorNote } from '../components/error-note.js';
import { Loading } from '../components/loading.js';
import { sessionKeeper } from './session-keeper.js';
import { SignIn } from './sign-in.js';
import { useSessionState } from './use-session.js';

/** For who calls a server without keys by a name that might be anybody's. */
function Misnamed() {
  return (
    <div className="notice bad" role="alert">
      <strong>This server does not go by the name {location.hostname}</strong>
      <p>
        While it has no key it answers to its addresses, and to names that it was told: start it with
        --allowed-hosts {location.hostname}, or make a key.
      </p>
    </div>
  );
}

/** The page for who is let in; for everybody else, what it takes. The address stays, whatever happens. */
export function SessionGate({ children }: { children: ReactNode }) {
  const state = useSessionState();
  if (state.kind === 'in') return children;
  return (
    <main className="shell-main" id="main">
      {state.kind === 'asking' && <Loading />}
      {state.kind === 'unknown' && (
        <ErrorNote
          title="The page could not be opened"
          error={state.error}
          onRetry={() => void sessionKeeper.ask()}
        />
      )}
      {state.kind === 'misnamed' && <Misnamed />}
      {state.kind === 'out' && <SignIn isOver={state.isOver} />}
    </main>
  );
}
