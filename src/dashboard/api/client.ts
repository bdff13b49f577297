import { type AnyTasks, ApiError, createClient, type TaskOf, type WorkerState } from '../../client/index.js';
import { servesType } from '../../core/workers.js';
import { BASE } from '../base.js';

const listeners = new Set<() => void>();

/** Calls `listener` after every reply that the session is missing or invalid. */
export function onUnauthenticated(listener: () => void): void {
  listeners.add(listener);
}

/** Signing in also fails with 401; that concerns the entered key. */
const isSignIn = (input: RequestInfo | URL): boolean => String(input).endsWith('/api/session');

/** `fetch` that reports 401 replies. */
export const fetchReporting401: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status === 401 && !isSignIn(input)) for (const listener of listeners) listener();
  return response;
};

/** The server of this page. Transient failures are retried by the queries. */
export const queue = createClient({ url: BASE, retries: 0, fetch: fetchReporting401 });

/** An error for people: the server's message, or that it does not respond. */
export const describeError = (error: Error): string =>
  error instanceof ApiError ? error.message : 'The server is not responding. Is it running?';

/** A task of any type, as the client returns it. */
export type Task = TaskOf<AnyTasks>;

/** True when a live worker serves the type. */
export const hasLiveWorker = (type: string, workers: readonly WorkerState[]): boolean =>
  workers.some((worker) => worker.live && servesType(worker, type));
