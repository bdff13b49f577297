import { auditEntries } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';

/** Adds an entry to the audit log. */
export const auditInsert = ({ db }: Transaction) =>
  db
    .insert(auditEntries)
    .values({
      at: bound('at'),
      actor: bound('actor'),
      address: bound('address'),
      requestId: bound('requestId'),
      action: bound('action'),
      taskId: bound('taskId'),
      outcome: bound('outcome'),
      details: bound('details'),
    })
    .prepare();
