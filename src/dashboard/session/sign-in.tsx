import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { describeError } from '../api/client.js';
import { Field } from '../components/field.js';
import { PageHeading } from '../shell/page-heading.js';
import { sessionStore, usePermissions } from './session.js';

/** The key, its problem, and the submission. */
function useSignIn() {
  const input = useRef<HTMLInputElement>(null);
  const [key, setKey] = useState('');
  const [isEmpty, setEmpty] = useState(false);
  const signingIn = useMutation({
    mutationFn: (text: string) => sessionStore.signIn(text),
    // Selected, to be typed again or pasted over.
    onError: () => {
      input.current?.focus();
      input.current?.select();
    },
  });
  useEffect(() => input.current?.focus(), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = key.trim();
    setEmpty(text === '');
    if (text === '') input.current?.focus();
    else signingIn.mutate(text);
  };
  const change = (text: string) => {
    setKey(text);
    setEmpty(false);
    signingIn.reset();
  };
  const problem = isEmpty
    ? 'Enter a key.'
    : signingIn.error
      ? `${describeError(signingIn.error)}.`
      : undefined;
  return { input, key, change, submit, problem, isPending: signingIn.isPending };
}

const HINT = 'Keys start with spool_. The operator of this server creates them with “spoolite keys create”.';

/** The sign-in form; `isOver` if a session has ended. */
export function SignIn({ isOver }: { isOver: boolean }) {
  const { input, key, change, submit, problem, isPending } = useSignIn();
  const [isShown, setShown] = useState(false);
  return (
    <form className="panel sign-in" onSubmit={submit} noValidate>
      <PageHeading title="Sign in">Sign in</PageHeading>
      {isOver && (
        <p className="notice plain" role="status">
          Your session has ended. Sign in again to continue where you were.
        </p>
      )}
      {/* Password managers store passwords under a user name. */}
      <input
        className="visually-hidden"
        name="username"
        autoComplete="username"
        value="spoolite"
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Field label="Key" name="key" problem={problem} hint={HINT}>
        {(control) => (
          <span className="key-input">
            <input
              {...control}
              ref={input}
              type={isShown ? 'text' : 'password'}
              autoComplete="current-password"
              autoCapitalize="off"
              spellCheck={false}
              required
              value={key}
              onChange={({ target }) => change(target.value)}
            />
            <button
              type="button"
              className="button"
              aria-pressed={isShown}
              onClick={() => setShown(!isShown)}
            >
              Show<span className="visually-hidden"> the key</span>
            </button>
          </span>
        )}
      </Field>
      <button type="submit" className="button primary" disabled={isPending}>
        {isPending ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}

/** The signed-in key, and a button to sign out; empty if no key is required. */
export function SignedIn() {
  const { name, keyRequired } = usePermissions();
  const { mutate, isPending, error } = useMutation({ mutationFn: () => sessionStore.signOut() });
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
          Could not sign out: {describeError(error)}
        </span>
      )}
    </span>
  );
}
