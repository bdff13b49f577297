import { sql } from 'drizzle-orm';
import type { BulkAction } from '../../../core/bulk.js';
import { auditEntries } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import type { BulkRequest } from '../../bulk-repository.js';
import { bound } from '../bound.js';
import { auditInsert } from './audit-insert.js';

const OUTCOMES: Record<BulkAction, string> = { cancel: 'cancelled', retry: 'queued', delete: 'deleted' };

/**
 * Tells the audit log of a bulk change: one entry for the request, whose count grows with each transaction. Returns its id,
 * for the next one.
 */
export function bulkAudit(transaction: Transaction) {
  const { db, now } = transaction;
  const insert = auditInsert(transaction);
  const addMore = db
    .update(auditEntries)
    .set({
      details: sql`json_set(${auditEntries.details}, '$.done', json_extract(${auditEntries.details}, '$.done') + ${bound('changed')})`,
    })
    .where(sql`${auditEntries.id} = ${bound('id')}`)
    .prepare();
  return (id: number | null, action: BulkAction, request: BulkRequest, changed: number): number => {
    if (id !== null && addMore.run({ id, changed }).changes > 0) return id;
    const { name, address, requestId } = request.by;
    const details = { filter: request.filter, expected: request.expected, done: changed };
    const entry = {
      at: now(),
      actor: name,
      address,
      requestId,
      taskId: null,
      details: JSON.stringify(details),
    };
    const added = insert.run({ ...entry, action: `bulk ${action}`, outcome: OUTCOMES[action] });
    return Number(added.lastInsertRowid);
  };
}
