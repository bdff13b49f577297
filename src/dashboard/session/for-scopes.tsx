import type { ReactNode } from 'react';
import type { Scope } from '../../client/index.js';
import { PageHeading } from '../shell/page-heading.js';
import { Lacking } from './lacking.js';
import { useAccess } from './use-session.js';

interface ForScopesProps {
  needed: readonly Scope[];
  children: ReactNode;
}

/** A screen for those whose key has the scopes; the others are told what it takes. */
export function ForScopes({ needed, children }: ForScopesProps) {
  const { may } = useAccess();
  if (may(...needed)) return children;
  return (
    <div className="panel empty">
      <PageHeading title="Not for this key">This screen is not for your key</PageHeading>
      <p>
        <Lacking what="It needs" needed={needed} />
      </p>
    </div>
  );
}
