import type { Scope } from '../../client/index.js';
import { useAccess } from './use-session.js';

interface LackingProps {
  /** What cannot be done without, as the beginning of a sentence. */
  what: string;
  needed: readonly Scope[];
}

/** Says why something is not there to be done; nothing where it is. */
export function Lacking({ what, needed }: LackingProps) {
  const { lacks, name } = useAccess();
  const lacking = lacks(...needed);
  if (lacking.length === 0) return null;
  const scopes = `${lacking.length === 1 ? 'scope' : 'scopes'} ${lacking.join(' and ')}`;
  return (
    <>
      {what} the {scopes}, which the key “{name}” has not.
    </>
  );
}
