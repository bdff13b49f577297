import { SpooliteError } from '../../core/errors.js';
import type { Enqueued } from '../task-repository.js';

/** The task that holds an idempotency key. */
export interface KeyHolder extends Pick<Enqueued, 'id' | 'status' | 'createdAt'> {
  /** Digest of its request. */
  digest: string | null;
}

/** The reply to a request whose key was used before. Throws IDEMPOTENCY_KEY_REUSED if it differs. */
export function replayOf({ digest, ...first }: KeyHolder, asked: string): Enqueued {
  if (digest === asked) return { ...first, replayed: true };
  throw new SpooliteError(
    'IDEMPOTENCY_KEY_REUSED',
    `The idempotency key was used for task ${first.id} with a different request`,
  );
}

/**
 * Adds to an error which task of a batch it is about. `first` is the index of the key's first task, if that is in the
 * same batch: its id is not mentioned, as nothing of the batch is stored.
 */
export function atPlace(error: unknown, index: number, first: number | undefined): unknown {
  if (!(error instanceof SpooliteError)) return error;
  const isWithin = error.code === 'IDEMPOTENCY_KEY_REUSED' && first !== undefined;
  const message = isWithin
    ? `The idempotency key belongs to task ${first} of the same batch, counted from 0, with a different request`
    : error.message;
  return new SpooliteError(error.code, message, [{ pointer: `/${index}`, message }]);
}
