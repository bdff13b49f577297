import { TASK_LIMITS, TEXT_LIMITS } from '../../core/limits.js';
import type { TaskField, TaskFieldKind } from '../../core/task-field.js';
import { fieldsIn } from '../../core/task-fields.js';
import { LOG_LEVELS } from '../../core/task-log.js';
import {
  assertConsistent,
  LineProblem,
  type TransferHeader,
  type TransferLogEntry,
  type TransferTask,
} from './transfer-task.js';
import {
  canonicalObject,
  flag,
  instant,
  integer,
  json,
  jsonObject,
  number,
  oneOf,
  orNull,
  shortText,
  text,
  UnexpectedValue,
  type ValueKind,
} from './value-kinds.js';

/** Identifies a file of tasks. */
export const FORMAT = 'spoolite-tasks';

/** Increased when the meaning of a line changes. */
export const FORMAT_VERSION = 1;

/** The form of an object in a line: for each property its name, its kind, and whether older files lack it. */
type Fields<T> = {
  [Name in keyof T]-?: readonly [name: string, kind: ValueKind<T[Name]>, addedLater?: true | undefined];
};

const KINDS: Readonly<Record<TaskFieldKind, (field: TaskField) => ValueKind<unknown>>> = {
  integer: ({ min = 0, max = Number.MAX_SAFE_INTEGER, storedMax = max }) => integer(min, storedMax),
  number: ({ min = 0, max = Number.MAX_VALUE }) => number(min, max),
  text: ({ maxLength }) => (maxLength === undefined ? text : shortText(maxLength)),
  name: ({ maxLength = TEXT_LIMITS.name }) => shortText(maxLength, { isName: true }),
  choice: ({ values = [] }) => oneOf(values),
  instant: () => instant,
  object: () => jsonObject,
  canonicalObject: () => canonicalObject,
  json: () => json,
  flag: () => flag,
};

function kindOf(field: TaskField): ValueKind<unknown> {
  const kind = KINDS[field.kind](field) as ValueKind<unknown>;
  return field.nullable ? orNull(kind) : kind;
}

/** In the order of writing; named as in the API where it has them. */
const TASK_LINE = Object.fromEntries(
  fieldsIn('transfer').map((field) => [field.name, [field.wire, kindOf(field), field.addedLater]]),
) as unknown as Fields<Omit<TransferTask, 'log'>>;

const LOG_LINE: Fields<TransferLogEntry> = {
  at: ['at_utc', instant],
  level: ['level', oneOf(LOG_LEVELS)],
  message: ['message', text],
  details: ['details', orNull(json)],
  attempt: ['attempt', integer(0, TASK_LIMITS.maxAttempts.max)],
};

function written<T extends object>(fields: Fields<T>, value: T): Record<string, unknown> {
  const line: Record<string, unknown> = {};
  for (const key in fields) {
    const [name, kind] = fields[key];
    line[name] = kind.write(value[key]);
  }
  return line;
}

export const headerLine = ({ lastId, hasLogs }: TransferHeader): string =>
  JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, last_id: lastId, logs: hasLogs });

export function taskLine(task: Omit<TransferTask, 'log'>, log: TransferTask['log']): string {
  const line = written(TASK_LINE, task);
  if (log) line.logs = log.map((entry) => written(LOG_LINE, entry));
  return JSON.stringify(line);
}

/** The last line; a file without it is truncated. */
export const endLine = (count: number): string => JSON.stringify({ end: FORMAT, tasks: count });

type ParsedObject = Record<string, unknown>;

function objectIn(line: string): ParsedObject {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    throw new LineProblem('this is not JSON');
  }
  return asObject(found, 'this');
}

function asObject(found: unknown, what: string): ParsedObject {
  if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as ParsedObject;
  throw new LineProblem(`${what} must be an object`);
}

function readField<T, Name extends keyof T>(fields: Fields<T>, key: Name, found: ParsedObject): T[Name] {
  const [name, kind, addedLater] = fields[key];
  if (addedLater && found[name] === undefined) return null as T[Name];
  if (!Object.hasOwn(found, name)) throw new LineProblem(`${name} is missing`);
  try {
    return kind.read(found[name]);
  } catch (error) {
    throw error instanceof UnexpectedValue ? new LineProblem(`${name} must be ${error.message}`) : error;
  }
}

/** All the fields of an object; others are an error. */
function read<T extends object>(fields: Fields<T>, found: ParsedObject, others: readonly string[] = []): T {
  const value = {} as T;
  for (const key in fields) value[key] = readField(fields, key, found);
  const known = [...Object.values<readonly [string, ...unknown[]]>(fields).map(([name]) => name), ...others];
  const unknown = Object.keys(found).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new LineProblem(`unknown field ${JSON.stringify(unknown)}`);
  return value;
}

function readLog(found: unknown): TransferLogEntry[] {
  if (!Array.isArray(found)) throw new LineProblem('logs must be a list');
  return found.map((entry) => read(LOG_LINE, asObject(entry, 'a log entry')));
}

/** Parses the first line. Throws {@link LineProblem}. */
export function readHeader(line: string): TransferHeader {
  const { format, version, last_id: lastId, logs } = objectIn(line);
  if (format !== FORMAT) throw new LineProblem('this is not a file from "spoolite export"');
  if (version !== FORMAT_VERSION)
    throw new LineProblem(`format version ${version} is not known: update the program`);
  if (!Number.isSafeInteger(lastId) || (lastId as number) < 0 || typeof logs !== 'boolean')
    throw new LineProblem('last_id must be a whole number, and logs true or false');
  return { lastId: lastId as number, hasLogs: logs };
}

/** The task of a line; for the last line, the number of tasks. Throws {@link LineProblem}. */
export function readLine(line: string, { hasLogs, lastId }: TransferHeader): TransferTask | number {
  const found = objectIn(line);
  if (found.end === FORMAT && Number.isSafeInteger(found.tasks)) return found.tasks as number;
  const task = {
    ...read(TASK_LINE, found, hasLogs ? ['logs'] : []),
    log: hasLogs ? readLog(found.logs) : null,
  };
  if (task.id > lastId) throw new LineProblem(`task_id must not be above the last_id of the first line`);
  assertConsistent(task);
  return task;
}
