import type { Operation } from '../../../db/sqlite/writer/operation.js';

/** The smallest write there is, to learn whether any is possible: uses up a revision. */
export const probe = (({ takeRevisions }) => {
  return () => {
    takeRevisions();
    return null;
  };
}) satisfies Operation<null, null>;
