import { ApiError, ConnectionError } from '../../client/index.js';
import { StartupError } from '../../domain/startup-error.js';
import { explainConnection } from './explain-connection.js';
import { plainText } from './plain-text.js';

/** What went wrong and what to do about it, for a person at a terminal; null for a defect. */
export function explain(error: unknown, url: string): string | null {
  if (error instanceof ConnectionError) return explainConnection(error, url);
  if (error instanceof ApiError && error.code === null) {
    return `What listens at ${url} is not a Spoolite server, or something is in between. ${plainText(error.message)}`;
  }
  if (error instanceof ApiError && error.code === 'TASK_NOT_FOUND') {
    return `${error.message}: "spoolite list" shows which there are.`;
  }
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') {
    return `${plainText(error.message)}\nSet SPOOLITE_KEY to a key of that server; "npx spoolite keys create --name me --scopes read,enqueue" makes one on its machine.`;
  }
  if (error instanceof ApiError) return plainText(error.message);
  return error instanceof StartupError ? error.message : null;
}
