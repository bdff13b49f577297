import { createHash } from 'node:crypto';
import { SpooliteError } from '../domain/spoolite-error.js';

/** Marks a cursor with the list it belongs to, so that it is refused elsewhere. No secret: forging one gains nothing. */
const markOf = (list: string): string => createHash('sha256').update(list).digest('base64url').slice(0, 8);

/** An opaque cursor to what follows `position` in the list that `list` (its path and filters) names. */
export const encodeCursor = (list: string, position: number): string =>
  Buffer.from(`${position}.${markOf(list)}`).toString('base64url');

/** The position in a cursor of ours. Throws CURSOR_INVALID for any other text, and for a cursor of another list. */
export function decodeCursor(list: string, cursor: string): number {
  const position = Number.parseInt(Buffer.from(cursor, 'base64url').toString('latin1'), 10);
  if (encodeCursor(list, position) === cursor) return position;
  throw new SpooliteError(
    'CURSOR_INVALID',
    'The cursor is not one of this list with these filters; start again without it, or repeat the filters it came with',
    [{ pointer: '/cursor', message: 'belongs to another list or other filters' }],
  );
}
