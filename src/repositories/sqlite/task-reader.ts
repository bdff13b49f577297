import { eq } from 'drizzle-orm';
import type { StoredTask } from '../../core/task.js';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import { bareRows } from './bare-rows.js';
import { bound } from './bound.js';
import { rowMapper } from './row-mapper.js';
import { taskColumns } from './task-columns.js';

/** Reads one task by its id. One at a time costs hardly more than many, and whoever reads many can stop. */
export function taskReader(connection: Connection): (id: number) => StoredTask | undefined {
  const toTasks = rowMapper<StoredTask>(taskColumns);
  const find = bareRows(
    connection,
    connection.db
      .select(taskColumns)
      .from(tasks)
      .where(eq(tasks.id, bound('id'))),
  );
  return (id) => {
    const row = find.first({ id });
    return row && toTasks([row])[0];
  };
}
