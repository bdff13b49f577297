/** The cursor of the next page, which a `Link` header leads to; null on the last one. */
export function nextCursor(headers: Headers): string | null {
  const next = /<[^>]*\?([^>]*)>;\s*rel="next"/.exec(headers.get('Link') ?? '')?.[1];
  return next === undefined ? null : new URLSearchParams(next).get('cursor');
}
