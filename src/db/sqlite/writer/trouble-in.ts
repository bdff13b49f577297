import type { ErrorCode } from '../../../domain/spoolite-error.js';
import type { Reply } from './group-committer.js';

/** Errors that are the storage's, not of what it was asked for. */
const CODES: readonly ErrorCode[] = ['STORAGE_BUSY', 'STORAGE_FULL', 'NOT_READY'];

/** Why the storage refused something among these, for people; null when it refused nothing. */
export function troubleIn(replies: readonly Reply[]): string | null {
  const refused = replies.find((reply) => 'error' in reply && CODES.includes(reply.error.code));
  return refused && 'error' in refused ? refused.error.message : null;
}
