import { LineProblem } from '../../../admin/transfer/transfer-task.js';
import { SpooliteError } from '../../../core/errors.js';
import type { Connection } from '../../../db/sqlite/connection.js';
import { idLooker, keyLooker } from './find-twin.js';
import { readMarks } from './queue-marks.js';
import type { TaskFile } from './task-file.js';

/** How a file of tasks goes into a database. */
export interface ImportPlan {
  keepIds: boolean;
  /** How many tasks the file has. */
  count: number;
  /** The last id that the database had given out. */
  lastId: number;
}

/**
 * Reads the whole file, and looks whether the database takes all of it. Tasks keep their ids where none was ever given out,
 * and where the same file has been imported before: then the first task of the file that has its id here is the very same.
 * Throws `StartupError` saying which line is wrong; nothing is changed.
 */
export function planImport(file: TaskFile, connection: Connection): ImportPlan {
  const { client } = connection;
  const atId = idLooker(connection);
  const byKey = keyLooker(connection);
  const lastId = readMarks(client)?.taskId ?? 0;
  const isEmpty =
    Number(client.prepare('select count(*) from (select 1 from tasks limit 1)').pluck().get()) === 0;
  // An import that was killed may have come no further than to take the ids.
  let keepIds: boolean | null = isEmpty && (lastId === 0 || lastId === file.header.lastId) ? true : null;
  let count = 0;
  for (const { line, task } of file.tasks()) {
    count++;
    const there = atId(task);
    if (there !== null) keepIds ??= there === 'same';
    if (there === 'same' && keepIds) continue;
    file.at(line, () => {
      try {
        if (there === 'another' && keepIds)
          throw new LineProblem(`task ${task.id} is another one in this database`);
        byKey(task);
      } catch (error) {
        throw error instanceof SpooliteError ? new LineProblem(error.message) : error;
      }
    });
  }
  return { keepIds: keepIds ?? false, count, lastId };
}
