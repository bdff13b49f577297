import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { BYTE_LIMITS } from '../../../domain/byte-limits.js';
import { takeWithin } from '../../../domain/take-within.js';

/** The sizes are in the heads of the rows: the values themselves are not read. */
const SIZES = `select id, octet_length(payload) + octet_length(compatibility) + coalesce(octet_length(error_message), 0)
  from tasks where id in (select value from json_each(?))`;

/** The first of the tasks that can be answered together: what cannot be answered must not be claimed. */
export function claimCutter({ client }: Transaction): (ids: readonly number[]) => readonly number[] {
  const readSizes = client.prepare<[string], [id: number, bytes: number]>(SIZES).raw();
  return (ids) => {
    if (ids.length <= 1) return ids;
    const sizes = new Map(readSizes.all(JSON.stringify(ids)));
    const within = { limit: ids.length, characters: BYTE_LIMITS.claim };
    return takeWithin(ids, (id) => sizes.get(id) ?? 0, within).taken;
  };
}
