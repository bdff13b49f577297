import { type AnyTasks, ApiError, createClient, type TaskOf } from '../../client/index.js';
import { BASE } from '../base.js';

const listeners = new Set<() => void>();

/** Calls `listener` whenever the server did not know who asks. */
export function onUnauthenticated(listener: () => void): void {
  listeners.add(listener);
}

/** Signing in is refused with 401 as well; that is about the key that was typed. */
const isSignIn = (input: RequestInfo | URL): boolean => String(input).endsWith('/api/session');

/** `fetch`, which notices when nobody is signed in, or no longer. */
export const fetchReporting401: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status === 401 && !isSignIn(input)) for (const listener of listeners) listener();
  return response;
};

/** The server that this page comes from. What fails in passing is asked again by those who show it. */
export const queue = createClient({ url: BASE, retries: 0, fetch: fetchReporting401 });

/** What to tell people of an error: the server's own words, or that it does not answer. */
export const describeError = (error: Error): string =>
  error instanceof ApiError ? error.message : 'The server is not responding. Is it running?';

/** A task of any type, as the API tells it. */
export type Task = TaskOf<AnyTasks>;
