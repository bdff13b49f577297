import { decodeCursor, encodeCursor } from './cursor.js';

/** A list with its filters, whose pages are chained by links. */
export class PagedList {
  readonly #url: string;

  /** `path` is the list's; filters that are undefined are not in force. */
  constructor(path: string, filters: Readonly<Record<string, string | undefined>>) {
    const parameters = Object.entries(filters).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}&`],
    );
    this.#url = `${path}?${parameters.join('')}`;
  }

  /** After which position a page begins; undefined for the first. Throws CURSOR_INVALID for another list's cursor. */
  positionOf(cursor: string | undefined): number | undefined {
    return cursor === undefined ? undefined : decodeCursor(this.#url, cursor);
  }

  /** The cursor of the page after `position`. */
  cursorAfter(position: number): string {
    return encodeCursor(this.#url, position);
  }

  /** The `Link` header to the page after `position`; `base` is where the API is. */
  nextLink(base: string, limit: number, position: number): string {
    return `<${base}${this.#url}limit=${limit}&cursor=${this.cursorAfter(position)}>; rel="next"`;
  }
}
