/**
 * The strong tag of a task: its revision, which every change raises. Without payload and result it has another one, so that
 * nobody's cache takes the one for the other.
 */
export const entityTag = (revision: number, seesPayloads: boolean): string =>
  seesPayloads ? `"${revision}"` : `"${revision}-hidden"`;

const TAG = /^\s*(?:W\/)?("[^"]*")\s*(?:,|$)/;

/**
 * Whether an `If-None-Match` header names the tag: in a list, as a weak one, or by `*`, which names every one.
 * A header that is not one (RFC 9110, 13.1.2) names none from the place on where it goes wrong.
 */
export function namesTag(header: string, tag: string): boolean {
  // What nearly every poll sends.
  if (header === tag || header.trim() === '*') return true;
  let rest = header;
  for (let match = TAG.exec(rest); match; match = TAG.exec(rest)) {
    if (match[1] === tag) return true;
    rest = rest.slice(match[0].length);
  }
  return false;
}
