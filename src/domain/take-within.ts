export interface Within {
  /** Most items. */
  limit: number;
  /** Most characters of all items together; a first one may have more. */
  characters: number;
}

/** The first of the items that are within the limits, at least one; nothing beyond the next one is read. */
export function takeWithin<Item>(
  items: Iterable<Item>,
  lengthOf: (item: Item) => number,
  { limit, characters }: Within,
): { taken: Item[]; isCut: boolean } {
  const taken: Item[] = [];
  let length = 0;
  for (const item of items) {
    length += lengthOf(item);
    if (taken.length === limit || (taken.length > 0 && length > characters)) return { taken, isCut: true };
    taken.push(item);
  }
  return { taken, isCut: false };
}
