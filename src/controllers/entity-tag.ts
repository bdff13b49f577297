/**
 * The weak tag of a task: its revision, which every change raises, and while it is queued its place in the queue, which moves
 * without one. Without payload and result it has another, so that nobody's cache takes the one for the other.
 */
export function entityTag(revision: number, seesPayloads: boolean, position: number | null): string {
  const state = seesPayloads ? `${revision}` : `${revision}-hidden`;
  return position === null ? `W/"${state}"` : `W/"${state}.${position}"`;
}

const TAG = /^\s*(?:W\/)?("[^"]*")\s*(?:,|$)/;

/** The tags of an `If-None-Match` header, weak ones as strong ones, up to the place where it goes wrong (RFC 9110, 13.1.2). */
function* tagsIn(header: string): Generator<string> {
  let rest = header;
  for (let match = TAG.exec(rest); match; match = TAG.exec(rest)) {
    yield match[1] as string;
    rest = rest.slice(match[0].length);
  }
}

const strong = (tag: string): string => (tag.startsWith('W/') ? tag.slice(2) : tag);

/** Whether an `If-None-Match` header names the tag: in a list, weak or strong, or by `*`, which names every one. */
export function namesTag(header: string, tag: string): boolean {
  // What nearly every poll sends.
  if (header === tag || header.trim() === '*') return true;
  const wanted = strong(tag);
  for (const named of tagsIn(header)) if (named === wanted) return true;
  return false;
}

/** Whether the header names the revision, wherever in the queue the task was then. */
export function namesRevision(header: string, revision: number, seesPayloads: boolean): boolean {
  if (header.trim() === '*') return true;
  const wanted = strong(entityTag(revision, seesPayloads, null));
  for (const named of tagsIn(header)) if (named.replace(/\.\d+"$/, '"') === wanted) return true;
  return false;
}
