import type { SQL } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/sqlite-core';
import { taskLogs } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/writer/operation.js';
import { rowLog } from '../row-log.js';

/**
 * Stores what the row of a task tells of its attempt, before a change that makes the row forget it. `condition` says
 * for which task, and under which guard; its placeholders are the values of the call.
 */
export function rowLogWriter<Values extends object>(
  transaction: Transaction,
  condition: SQL,
): (values: Values) => void {
  const { claimed, completed } = rowLog(transaction, condition);
  const write = transaction.db.insert(taskLogs).select(unionAll(claimed, completed)).prepare();
  return (values) => {
    write.run(values as Record<string, unknown>);
  };
}
