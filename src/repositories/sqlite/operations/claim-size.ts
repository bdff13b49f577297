import { BYTE_LIMITS } from '../../../core/limits.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';

/** The sizes are in the heads of the rows: the values themselves are not read. */
const SIZES = `select id, octet_length(payload) + octet_length(compatibility) + coalesce(octet_length(error_message), 0)
  from tasks where id in (select value from json_each(?))`;

/** Keeps one claim within the bytes that can be answered together: what cannot be answered must not be claimed. */
export interface ClaimSize {
  /** The first of these tasks that still fit, and counts them. The first task of a claim always does. */
  cut(ids: readonly number[]): readonly number[];
}

export function claimSizer({ client }: Transaction): () => ClaimSize {
  const readSizes = client.prepare<[string], [id: number, bytes: number]>(SIZES).raw();
  return () => {
    let bytes = 0;
    let count = 0;
    const fits = (size: number): boolean => {
      if (count > 0 && bytes + size > BYTE_LIMITS.claim) return false;
      bytes += size;
      count += 1;
      return true;
    };
    return {
      cut(ids) {
        const sizes = new Map(readSizes.all(JSON.stringify(ids)));
        const end = ids.findIndex((id) => !fits(sizes.get(id) ?? 0));
        return end === -1 ? ids : ids.slice(0, end);
      },
    };
  };
}
