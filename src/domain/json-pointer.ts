const escapeSegment = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The RFC 6901 pointer that leads along these keys and indexes. */
export const jsonPointer = (path: readonly (string | number)[]): string =>
  path.map((segment) => `/${escapeSegment(String(segment))}`).join('');
