/** Ids as a query has them; undefined where there is no such filter. Throws `RangeError` for a filter that lets nothing through. */
export function idsText(ids: readonly number[] | undefined): string | undefined {
  if (ids?.length === 0) throw new RangeError('ids must name at least one task');
  return ids?.join();
}
