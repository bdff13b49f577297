import type { ReactNode } from 'react';
import type { Scope } from '../../client/index.js';
import { ErrorNote, Loading } from '../components/placeholders.js';
import { PageHeading } from '../shell/page-heading.js';
import { sessionStore, usePermissions, useSessionState } from './session.js';
import { SignIn } from './sign-in.js';

/** For a server without keys that is addressed by an unknown host name. */
function HostNotAllowed() {
  return (
    <div className="notice bad" role="alert">
      <strong>Host name not allowed: {location.hostname}</strong>
      <p>
        Until it has a key, this server answers only to its addresses and to allowed host names. Start it with
        --allowed-hosts {location.hostname}, or create a key.
      </p>
    </div>
  );
}

/** The page for a valid session; else the sign-in. The URL stays in any case. */
export function SessionGate({ children }: { children: ReactNode }) {
  const state = useSessionState();
  if (state.kind === 'in') return children;
  return (
    <main className="shell-main" id="main">
      {state.kind === 'asking' && <Loading />}
      {state.kind === 'unknown' && (
        <ErrorNote
          title="Could not load the page"
          error={state.error}
          onRetry={() => void sessionStore.ask()}
        />
      )}
      {state.kind === 'misnamed' && <HostNotAllowed />}
      {state.kind === 'out' && <SignIn isOver={state.isOver} />}
    </main>
  );
}

interface RequireScopesProps {
  needed: readonly Scope[];
  children: ReactNode;
}

/** A screen that requires scopes; without them, an explanation. */
export function RequireScopes({ needed, children }: RequireScopesProps) {
  const { may } = usePermissions();
  if (may(...needed)) return children;
  return (
    <div className="panel empty">
      <PageHeading title="No access">Your key does not grant access to this page</PageHeading>
      <p>
        <MissingScopes what="This page requires" needed={needed} />
      </p>
    </div>
  );
}

interface MissingScopesProps {
  /** The restricted action, as the beginning of a sentence. */
  what: string;
  needed: readonly Scope[];
}

/** Explains why an action is not available; empty if it is. */
export function MissingScopes({ what, needed }: MissingScopesProps) {
  const { lacks, name } = usePermissions();
  const lacking = lacks(...needed);
  if (lacking.length === 0) return null;
  const scopes = `${lacking.length === 1 ? 'scope' : 'scopes'} ${lacking.join(' and ')}`;
  return (
    <>
      {what} the {scopes}, which the key “{name}” lacks.
    </>
  );
}
