import { sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { tasks } from '../../db/sqlite/schema.js';
import type { StoredTask } from '../../domain/stored-task.js';
import { bound } from './bound.js';
import { rowMapper } from './row-mapper.js';
import { taskColumns } from './task-columns.js';

/** Finds tasks by their ids, any number in one statement. */
export function taskFinder({ db }: Connection): (ids: readonly number[]) => Map<number, StoredTask> {
  const toTasks = rowMapper<StoredTask>(taskColumns);
  const find = db
    .select(taskColumns)
    .from(tasks)
    .where(sql`${tasks.id} in (select value from json_each(${bound('ids')}))`)
    .prepare();
  return (ids) => {
    if (ids.length === 0) return new Map();
    return new Map(toTasks(find.values({ ids: JSON.stringify(ids) })).map((task) => [task.id, task]));
  };
}
