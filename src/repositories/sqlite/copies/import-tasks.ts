import type { Actor } from '../../../core/access.js';
import { type Clock, systemClock } from '../../../core/clock.js';
import { SpooliteError, UserError } from '../../../core/errors.js';
import { openForReading } from '../../../db/sqlite/connection.js';
import { databasePath } from '../../../db/sqlite/database-path.js';
import { OneOffWriter } from '../../../db/sqlite/writer/one-off-writer.js';
import type { ImportedTask, ImportOptions, ImportSummary } from '../../copies.js';
import { upgradeSqliteFile } from '../upgrade-sqlite-file.js';
import { importTasks as importOperation, reserveIds } from './import-operations.js';
import { type ImportPlan, planImport } from './import-plan.js';
import { type LineTask, TaskFile } from './task-file.js';

/** Tasks of one transaction: a few milliseconds, for which servers and workers wait. */
const BATCH = 500;

/** Characters of payloads, results and logs of one transaction, about. */
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

/** One import, from the plan on. */
class Import {
  readonly #writer: OneOffWriter<typeof OPERATIONS>;
  readonly #file: TaskFile;
  readonly #plan: ImportPlan;
  readonly #by: Actor;
  #done = 0;

  constructor(writer: OneOffWriter<typeof OPERATIONS>, file: TaskFile, plan: ImportPlan, by: Actor) {
    this.#by = by;
    this.#writer = writer;
    this.#file = file;
    this.#plan = plan;
  }

  *run(): Generator<ImportedTask[]> {
    const { keepIds, lastId: mayHave } = this.#plan;
    const { lastId } = this.#file.header;
    if (keepIds && !this.#writer.run('reserveIds', { lastId, mayHave }))
      throw new UserError('Tasks were enqueued at this very moment, and nothing was imported: try again.');
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

  /** Says where it stopped, what is in, and what to do. */
  #stopped(error: unknown, batch: readonly LineTask[]): unknown {
    if (!(error instanceof SpooliteError || error instanceof UserError)) return error;
    const at = error instanceof SpooliteError ? error.problems[0]?.pointer.slice(1) : undefined;
    const line = batch[Number(at ?? 0)]?.line;
    const next = this.#plan.keepIds
      ? 'The same import goes on where this one ended.'
      : 'The same import again would add those a second time.';
    const message = error.message.replace(/\.$/, '');
    return new UserError(
      `Stopped at line ${line}: ${message}. The ${this.#done} tasks of the lines before ${batch[0]?.line} are in. ${next}`,
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
 * Adds the tasks of a file to a database, which is made when it is not there. Everything is looked at before the first task
 * goes in; then they go in by the hundreds, each batch in one transaction, so that servers and workers on the database can go
 * on, and hear of them. Yields what became of each task of a batch, which is on the disk then. Throws `StartupError`.
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
  const writer = new OneOffWriter(database, OPERATIONS, clock);
  try {
    yield* new Import(writer, file, plan, options.by).run();
    return { keptIds: plan.keepIds };
  } finally {
    writer.close();
  }
}
