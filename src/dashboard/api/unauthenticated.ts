const listeners = new Set<() => void>();

/** Calls `listener` whenever the server did not know who asks. */
export function onUnauthenticated(listener: () => void): void {
  listeners.add(listener);
}

/** Signing in is refused with 401 as well; that is about the key that was typed. */
const isSignIn = (input: RequestInfo | URL): boolean => String(input).endsWith('/api/session');

/** `fetch`, which notices when nobody is signed in, or no longer. */
export const fetchHeeding401: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status === 401 && !isSignIn(input)) for (const listener of listeners) listener();
  return response;
};
