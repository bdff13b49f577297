import { SpooliteError } from '../domain/spoolite-error.js';
import type { ChangeRepository } from '../repositories/change-repository.js';

/** The cursor that stands for what is committed now. */
const NOW = 'now';

const REVISION = /^(?:0|[1-9]\d{0,15})$/;

/**
 * The revision after which a reader of changes goes on. Its cursor is the last revision it has seen, in digits, or
 * `now`. Throws CURSOR_INVALID for any other text, and for a revision that this queue has not come to: a reader that
 * went on from there would miss everything up to it.
 */
export async function feedPosition(changes: ChangeRepository, cursor: string): Promise<number> {
  const latest = await changes.latestRevision();
  if (cursor === NOW) return latest;
  const revision = REVISION.test(cursor) ? Number(cursor) : Number.POSITIVE_INFINITY;
  if (revision <= latest) return revision;
  throw new SpooliteError(
    'CURSOR_INVALID',
    'The cursor is not one that this queue has given out; start again without it',
    [{ pointer: '/cursor', message: 'is neither a revision of this queue nor "now"' }],
  );
}
