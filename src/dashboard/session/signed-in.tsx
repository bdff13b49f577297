import { useMutation } from '@tanstack/react-query';
import { errorText } from '../api/error-text.js';
import { sessionKeeper } from './session-keeper.js';
import { useAccess } from './use-session.js';

/** Who is signed in, and the way out; nothing where nobody need be. */
export function SignedIn() {
  const { name, keyRequired } = useAccess();
  const { mutate, isPending, error } = useMutation({ mutationFn: () => sessionKeeper.signOut() });
  if (!keyRequired) return null;
  return (
    <span className="signed-in">
      <span className="signed-in-name" title={`Signed in with the key “${name}”`}>
        <span className="visually-hidden">Signed in with the key </span>
        {name}
      </span>
      <button type="button" className="button small-button" disabled={isPending} onClick={() => mutate()}>
        Sign out
      </button>
      {error && (
        <span className="field-error small" role="alert">
          Not signed out: {errorText(error)}
        </span>
      )}
    </span>
  );
}
