import type { Page } from './queries.js';

/** All items, page after page; each is read when its first item is asked for. */
export async function* allPages<Item>(
  read: (cursor: string | null) => Promise<Page<Item>>,
): AsyncGenerator<Item, undefined> {
  let cursor: string | null = null;
  do {
    const page: Page<Item> = await read(cursor);
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
  return undefined;
}
