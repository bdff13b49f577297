import { type Fields, LOG_FIELDS, TASK_FIELDS } from './fields.js';
import { FORMAT, VERSION } from './format.js';
import type { TransferHeader, TransferTask } from './transfer-task.js';

function written<T extends object>(fields: Fields<T>, value: T): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const key in fields) {
    const [name, kind] = fields[key];
    line[name] = kind.write(value[key]);
  }
  return line;
}

/** The first line of a file of tasks. */
export const headerLine = ({ lastId, hasLogs }: TransferHeader): string =>
  JSON.stringify({ format: FORMAT, version: VERSION, last_id: lastId, logs: hasLogs });

/** The line of one task. */
export function taskLine({ log, ...task }: TransferTask): string {
  const line = written(TASK_FIELDS, task);
  if (log) line.logs = log.map((entry) => written(LOG_FIELDS, entry));
  return JSON.stringify(line);
}

/** The last line, without which a file was cut off. */
export const endLine = (count: number): string => JSON.stringify({ end: FORMAT, tasks: count });
