import type { Actor } from '../core/access.js';
import { type Clock, systemClock } from '../core/clock.js';
import { SpooliteError, UserError } from '../core/errors.js';
import { type Connection, openForReading } from '../db/sqlite/connection.js';
import { databasePath } from '../db/sqlite/database-file.js';
import { TemporaryWriter } from '../db/sqlite/inline-writer.js';
import { readMarks } from './high-water-marks.js';
import { type LineTask, TaskFile } from './import-file.js';
import {
  auditedImport as importOperation,
  lookupById,
  lookupByKey,
  reserveIds,
} from './import-operations.js';
import { LineProblem } from './transfer/transfer-task.js';
import { upgradeSqliteFile } from './upgrade.js';

export interface ImportOptions {
  /** The file with the lines of `exportTasks`. */
  file: string;
  /** The file's name for people. */
  name?: string | undefined;
  database: string;
  /** The actor in the audit log. */
  actor: Actor;
  /** Called with the number of tasks once the whole file is validated, before anything is imported. */
  onPlanned?: ((count: number) => void) | undefined;
  /** Called with the name of the copy made before an older database is upgraded. */
  onUpgradeBackup?: ((copy: string) => void) | undefined;
}

/** The outcome for a task of the file. */
export interface ImportedTask {
  line: number;
  /** Its id in the file. */
  fileId: number;
  /** Its id in the database. */
  id: number;
  /** False if it existed already. */
  isNew: boolean;
}

export interface ImportSummary {
  /** Whether the tasks keep the ids of the file. */
  keptIds: boolean;
}

/** Tasks per transaction: a few milliseconds, for which servers and workers wait. */
const BATCH = 500;

/** Approximate characters of payloads, results and logs per transaction. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

const OPERATIONS = { importTasks: importOperation, reserveIds };

const charactersOf = ({ payload, result, log }: LineTask['task']): number =>
  payload.length + (result?.length ?? 0) + (log ?? []).reduce((sum, { message }) => sum + message.length, 0);

function* batchesOf(tasks: Iterable<LineTask>): Generator<LineTask[]> {
  let batch: LineTask[] = [];
  let characters = 0;
  for (const next of tasks) {
    batch.push(next);
    characters += charactersOf(next.task);
    if (batch.length < BATCH && characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

class Import {
  readonly #writer: TemporaryWriter<typeof OPERATIONS>;
  readonly #file: TaskFile;
  readonly #plan: ImportPlan;
  readonly #by: Actor;
  #done = 0;

  constructor(writer: TemporaryWriter<typeof OPERATIONS>, file: TaskFile, plan: ImportPlan, actor: Actor) {
    this.#by = actor;
    this.#writer = writer;
    this.#file = file;
    this.#plan = plan;
  }

  *run(): Generator<ImportedTask[]> {
    const { keepIds, lastId: mayHave } = this.#plan;
    const { lastId } = this.#file.header;
    if (keepIds && !this.#writer.run('reserveIds', { lastId, mayHave }))
      throw new UserError('Tasks were enqueued at the same time, so nothing was imported: try again.');
    for (const batch of batchesOf(this.#file.tasks())) {
      const imported = this.#insert(batch);
      this.#done += batch.length;
      yield batch.map(({ line, task }, at) => {
        const { id = 0, isNew = false } = imported[at] ?? {};
        return { line, fileId: task.id, id, isNew };
      });
    }
  }

  #insert(batch: readonly LineTask[]) {
    try {
      const tasks = batch.map(({ task }) => task);
      return this.#writer.run('importTasks', { tasks, keepIds: this.#plan.keepIds }, this.#by);
    } catch (error) {
      throw this.#stopped(error, batch);
    }
  }

  /** The error with the line where it stopped, what was imported, and what to do. */
  #stopped(error: unknown, batch: readonly LineTask[]): unknown {
    if (!(error instanceof SpooliteError || error instanceof UserError)) return error;
    const at = error instanceof SpooliteError ? error.problems[0]?.pointer.slice(1) : undefined;
    const line = batch[Number(at ?? 0)]?.line;
    const next = this.#plan.keepIds
      ? 'Run the same import again to continue where it stopped.'
      : 'Running the same import again would add them a second time.';
    const message = error.message.replace(/\.$/, '');
    return new UserError(
      `Stopped at line ${line}: ${message}. The ${this.#done} tasks before line ${batch[0]?.line} were imported. ${next}`,
      { cause: error },
    );
  }
}

function readPlan(file: TaskFile, database: string): ImportPlan {
  const connection = openForReading(database);
  try {
    return planImport(file, connection);
  } finally {
    connection.client.close();
  }
}

/**
 * Adds the tasks of a file to a database, which is created if missing. The whole file is validated before the first
 * task is added; then they are added in batches of one transaction each, so that servers and workers keep running, and
 * see them. Yields the outcomes of each batch once it is on disk. Throws `UserError`.
 */
export function* importTasks(
  options: ImportOptions,
  clock: Clock = systemClock,
): Generator<ImportedTask[], ImportSummary> {
  const { file: path, name = path, onUpgradeBackup } = options;
  const database = databasePath(options.database);
  const file = new TaskFile(path, name);
  upgradeSqliteFile({ file: database, durability: 'full', onUpgradeBackup });
  const plan = readPlan(file, database);
  options.onPlanned?.(plan.count);
  const writer = new TemporaryWriter(database, OPERATIONS, clock);
  try {
    yield* new Import(writer, file, plan, options.actor).run();
    return { keptIds: plan.keepIds };
  } finally {
    writer.close();
  }
}

/** How to import a file of tasks. */
export interface ImportPlan {
  keepIds: boolean;
  /** The number of tasks in the file. */
  count: number;
  /** The last id used by the database. */
  lastId: number;
}

/**
 * Reads the whole file, and checks that the database accepts all of it. Tasks keep their ids if none was ever used, or
 * if the same file has been imported before: then the first task of the file whose id exists here is the same one.
 * Throws `UserError` with the number of the invalid line; changes nothing.
 */
export function planImport(file: TaskFile, connection: Connection): ImportPlan {
  const { client } = connection;
  const atId = lookupById(connection);
  const byKey = lookupByKey(connection);
  const lastId = readMarks(client)?.taskId ?? 0;
  const isEmpty =
    Number(client.prepare('select count(*) from (select 1 from tasks limit 1)').pluck().get()) === 0;
  // A killed import may have only reserved the ids.
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
          throw new LineProblem(`task ${task.id} already exists here with different content`);
        byKey(task);
      } catch (error) {
        throw error instanceof SpooliteError ? new LineProblem(error.message) : error;
      }
    });
  }
  return { keepIds: keepIds ?? false, count, lastId };
}
