import { createHash } from 'node:crypto';
import { SpooliteError } from '../core/errors.js';

/** The request for the next page. */
export interface NextPage {
  cursor: string;
  /** The path of a request, below the app's. */
  path: string;
}

/** A list with its filters, whose pages are linked. */
export class PagedList {
  readonly #url: string;

  /** `path` is the list's; undefined filters do not apply. */
  constructor(path: string, filters: Readonly<Record<string, string | undefined>>) {
    const parameters = Object.entries(filters).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}&`],
    );
    this.#url = `${path}?${parameters.join('')}`;
  }

  /** The position before a page; undefined for the first. Throws CURSOR_INVALID for another list's cursor. */
  positionOf(cursor: string | undefined): number | undefined {
    return cursor === undefined ? undefined : decodeCursor(this.#url, cursor);
  }

  /** The page after `position`; null if that is null, as there is none. */
  next(position: number | null, limit: number): NextPage | null {
    if (position === null) return null;
    const cursor = encodeCursor(this.#url, position);
    return { cursor, path: `${this.#url}limit=${limit}&cursor=${cursor}` };
  }
}

/** Identifies a cursor's list, so that another list refuses it. Not a secret: forging one gains nothing. */
const markOf = (list: string): string => createHash('sha256').update(list).digest('base64url').slice(0, 8);

/** An opaque cursor to the entries after `position` in `list` (its path and filters). */
export const encodeCursor = (list: string, position: number): string =>
  Buffer.from(`${position}.${markOf(list)}`).toString('base64url');

/** The position in a cursor. Throws CURSOR_INVALID for any other text, and for a cursor of another list. */
export function decodeCursor(list: string, cursor: string): number {
  const position = Number.parseInt(Buffer.from(cursor, 'base64url').toString('latin1'), 10);
  if (encodeCursor(list, position) === cursor) return position;
  throw new SpooliteError(
    'CURSOR_INVALID',
    'The cursor does not belong to this list with these filters; start again without it, or repeat the filters it came with',
    [{ pointer: '/cursor', message: 'belongs to another list or other filters' }],
  );
}
