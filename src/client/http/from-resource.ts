const INSTANT = '_utc';

/** The one member whose name is not simply the same in the other spelling. */
const names = new Map([['processing_started_utc', 'processingStartedAt']]);

function nameOf(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const name = key.replace(/_utc$/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  names.set(key, name);
  return name;
}

/**
 * The one mapper from what the API answers to what TypeScript code sees: camelCase, instants as `Date`. Only the members
 * of the resource itself: what is inside of them (a payload, a result, details) is the user's.
 */
export function fromResource<Resource>(resource: object): Resource {
  const entries = Object.entries(resource).map(([key, value]) => [
    nameOf(key),
    key.endsWith(INSTANT) && value !== null ? new Date(value) : value,
  ]);
  return Object.fromEntries(entries);
}
