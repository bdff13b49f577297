import { assertConsistent } from './assert-consistent.js';
import { type Fields, LOG_FIELDS, TASK_FIELDS } from './fields.js';
import { FORMAT, VERSION } from './format.js';
import { LineProblem } from './line-problem.js';
import type { TransferHeader, TransferLogEntry, TransferTask } from './transfer-task.js';
import { Expected } from './value-kinds.js';

type Found = Record<string, unknown>;

function objectIn(line: string): Found {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    throw new LineProblem('this is not JSON');
  }
  return asObject(found, 'this');
}

function asObject(found: unknown, what: string): Found {
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Found;
  throw new LineProblem(`${what} must be an object`);
}

function readField<T, Name extends keyof T>(fields: Fields<T>, key: Name, found: Found): T[Name] {
  const [name, kind] = fields[key];
  if (!Object.hasOwn(found, name)) throw new LineProblem(`${name} is missing`);
  try {
    return kind.read(found[name]);
  } catch (error) {
    throw error instanceof Expected ? new LineProblem(`${name} must be ${error.message}`) : error;
  }
}

/** All the fields of an object, and nothing else. */
function read<T extends object>(fields: Fields<T>, found: Found, others: readonly string[] = []): T {
  const value = {} as T;
  for (const key in fields) value[key] = readField(fields, key, found);
  const known = [...Object.values<readonly [string, unknown]>(fields).map(([name]) => name), ...others];
  const unknown = Object.keys(found).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new LineProblem(`unknown field ${JSON.stringify(unknown)}`);
  return value;
}

function readLog(found: unknown): TransferLogEntry[] {
  if (!Array.isArray(found)) throw new LineProblem('logs must be a list');
  return found.map((entry) => read(LOG_FIELDS, asObject(entry, 'a log entry')));
}

/** What the first line says. Throws {@link LineProblem}. */
export function readHeader(line: string): TransferHeader {
  const { format, version, last_id: lastId, logs } = objectIn(line);
  if (format !== FORMAT) throw new LineProblem('this is not what "spoolite export" writes');
  if (version !== VERSION)
    throw new LineProblem(`format version ${version} is not known: update the program`);
  if (!Number.isSafeInteger(lastId) || (lastId as number) < 0 || typeof logs !== 'boolean')
    throw new LineProblem('last_id must be a whole number, and logs true or false');
  return { lastId: lastId as number, hasLogs: logs };
}

/** The task of a line; or how many there were, in the last line. Throws {@link LineProblem}. */
export function readLine(line: string, { hasLogs, lastId }: TransferHeader): TransferTask | number {
  const found = objectIn(line);
  if (found.end === FORMAT && Number.isSafeInteger(found.tasks)) return found.tasks as number;
  const task = {
    ...read(TASK_FIELDS, found, hasLogs ? ['logs'] : []),
    log: hasLogs ? readLog(found.logs) : null,
  };
  if (task.id > lastId) throw new LineProblem(`task_id must not be above the last_id of the first line`);
  assertConsistent(task);
  return task;
}
