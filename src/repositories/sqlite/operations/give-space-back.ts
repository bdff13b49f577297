import type { Operation } from '../../../db/sqlite/writer/operation.js';

/** Pages given back in one transaction: some are moved from the end of the file to where there is room. */
const GIVE_BACK = 'pragma incremental_vacuum(128)';

/** Free pages that stay: the queue will want them again, and to move pages around for nothing costs writes. */
const SPARE_PAGES = 64;
const SPARE_SHARE = 0.05;

/** Gives a little of the file's free space back to the disk. Returns whether there is more to give. */
export const giveSpaceBack = (({ client }) => {
  const count = (pragma: string) => Number(client.pragma(pragma, { simple: true }));
  const isIncremental = count('auto_vacuum') === 2;
  const spare = () => Math.max(SPARE_PAGES, count('page_count') * SPARE_SHARE);
  return () => {
    if (!isIncremental || count('freelist_count') <= spare()) return false;
    // Not prepared: the driver would step such a statement once, and each step gives back one page.
    client.exec(GIVE_BACK);
    return count('freelist_count') > spare();
  };
}) satisfies Operation<null, boolean>;
