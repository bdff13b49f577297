import { sql } from 'drizzle-orm';
import { auditEntries } from '../../../db/sqlite/schema.js';
import type { Operation } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';

export interface PruneAuditArgs {
  keptMs: number;
  limit: number;
}

/** Deletes the oldest entries of the audit log that are kept no longer. Ids grow with time: only the first are looked at. */
export const pruneAudit = (({ db, now }) => {
  const oldest = db
    .select({ id: auditEntries.id, at: auditEntries.at })
    .from(auditEntries)
    .where(sql`${auditEntries.id} > 0`)
    .orderBy(auditEntries.id)
    .limit(sql.placeholder('limit'))
    .prepare();
  const remove = db
    .delete(auditEntries)
    .where(sql`${auditEntries.id} <= ${bound('last')}`)
    .prepare();
  return ({ keptMs, limit }) => {
    const cutoff = now() - keptMs;
    const found = oldest.all({ limit });
    const firstYoung = found.findIndex(({ at }) => at > cutoff);
    const old = firstYoung === -1 ? found : found.slice(0, firstYoung);
    const last = old.at(-1);
    return last ? remove.run({ last: last.id }).changes : 0;
  };
}) satisfies Operation<PruneAuditArgs, number>;
