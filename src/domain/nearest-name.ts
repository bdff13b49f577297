/** Names are compared without what only their spelling differs by: `LEASE_SECONDS` is `leaseSeconds`. */
const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/^spoolite(?=.)/, '');

/** Letters to change, add, drop or swap with the next until one text is the other. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)),
  );
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = isSwap ? at(i - 2, j - 2) + 1 : changed;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped);
    }
  }
  return at(a.length, b.length);
}

/** Letters of a name for each that may be wrong. */
const LETTERS_PER_SLIP = 3;

/** Nobody means a name by what is longer than this. */
const LONGEST = 100;

/** The name that was probably meant; undefined where none is near. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const wanted = bare(given);
  if (wanted === '' || wanted.length > LONGEST) return undefined;
  const near = names
    .map((name) => ({ name, slips: distance(wanted, bare(name)) }))
    .filter(({ name, slips }) => slips <= Math.max(1, Math.floor(bare(name).length / LETTERS_PER_SLIP)))
    .sort((a, b) => a.slips - b.slips);
  return near[0]?.name;
}
