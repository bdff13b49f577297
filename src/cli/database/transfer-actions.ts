import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { exportDatabase, importIntoDatabase, writeNewFile } from '../../admin/file-tools.js';
import { readDatabase } from '../../config/read-config.js';
import { UserError } from '../../core/errors.js';
import type { TaskStatus } from '../../core/task.js';
import { commandLineActor, shownPath } from './file-actions.js';

export interface ExportFlags {
  database?: string;
  config?: string;
  status?: TaskStatus[];
  type?: string[];
  logs?: boolean;
  force?: boolean;
}

/** Characters per write. */
const CHUNK = 64 * 1024;

/** Joins the lines into chunks for writing; `onLine` is called for each line. */
function* chunksOf(lines: Iterable<string>, onLine: () => void): Generator<string> {
  let chunk = '';
  for (const line of lines) {
    onLine();
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/**
 * Writes no faster than the reader reads. Errors, such as a full disk or a closed pipe, end the command as any other.
 */
async function toStandardOutput(chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}

/**
 * `spoolite export`: writes tasks to a file, which appears only once it is complete, or to standard output. Throws
 * `UserError`.
 */
export async function exportTasks(file: string, flags: ExportFlags): Promise<void> {
  const database = await readDatabase(flags);
  const { status: statuses, type: types, logs, force } = flags;
  const count = new TaskCount('exported');
  const chunks = chunksOf(exportDatabase(database, { statuses, types, logs }), () => count.add(1));
  try {
    if (file === '-') await toStandardOutput(chunks);
    else writeNewFile(file, chunks, force);
  } finally {
    count.end();
  }
  // Without header and last line.
  console.error(`${count.total - 2} tasks exported${file === '-' ? '' : ` to ${shownPath(file)}`}`);
}

export interface ImportFlags {
  database?: string;
  config?: string;
  json?: boolean;
}

/** The file of an import, and its name for people. */
interface Source {
  file: string;
  name: string;
}

/** Standard error: standard output is for the outcome of each task. */
const say = (text: string): void => console.error(text);

/** Runs `use` on the file. Standard input is copied into a file first, as it is read twice. */
async function withSource(file: string, use: (source: Source) => void): Promise<void> {
  if (file !== '-') {
    if (!existsSync(file) || !statSync(file).isFile()) throw new UserError(`There is no file at ${file}.`);
    use({ file, name: file });
    return;
  }
  // Only this user can access such a folder.
  const folder = mkdtempSync(join(tmpdir(), 'spoolite-import-'));
  try {
    const path = join(folder, 'tasks.jsonl');
    await pipeline(process.stdin, createWriteStream(path)).catch((cause: NodeJS.ErrnoException) => {
      throw new UserError(`Standard input could not be written to ${folder} (${cause.code}).`, { cause });
    });
    use({ file: path, name: 'standard input' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The outcome of one task, for programs. */
function printImported({
  line,
  fileId,
  id,
  isNew,
}: {
  line: number;
  fileId: number;
  id: number;
  isNew: boolean;
}): void {
  process.stdout.write(`${JSON.stringify({ line, file_task_id: fileId, task_id: id, added: isNew })}\n`);
}

/** Imports a file, and returns how many tasks were added, how many already existed, and whether ids were kept. */
function importFrom(source: Source, database: string, json: boolean) {
  const count = new TaskCount('imported');
  const onPlanned = (all: number) => count.expect(all);
  const onUpgradeBackup = (copy: string) => say(`backed up the database to ${copy} first`);
  const batches = importIntoDatabase({
    ...source,
    database,
    actor: commandLineActor(),
    onPlanned,
    onUpgradeBackup,
  });
  let added = 0;
  try {
    let next = batches.next();
    for (; !next.done; next = batches.next()) {
      count.add(next.value.length);
      added += next.value.filter(({ isNew }) => isNew).length;
      if (json) next.value.forEach(printImported);
    }
    return { added, before: count.total - added, keptIds: next.value.keptIds };
  } finally {
    count.end();
  }
}

/** `spoolite import`: adds the tasks of a file, and prints their number. Throws `UserError`. */
export async function importTasks(file: string, { json = false, ...flags }: ImportFlags): Promise<void> {
  const database = await readDatabase(flags);
  await withSource(file, (source) => {
    const { added, before, keptIds } = importFrom(source, database, json);
    const rest = before === 0 ? '' : `; ${before} already existed`;
    say(`${added} tasks imported with ${keptIds ? 'their' : 'new'} ids${rest}`);
  });
}

const REWRITE_MS = 200;

const CLEAR_LINE = '\r\u001b[K';

/** A progress count on one rewritten line of a terminal; silent elsewhere. */
export class TaskCount {
  readonly #done: string;
  #of: number | null = null;
  #shownAt = performance.now();
  total = 0;

  /** `done` is the verb for the counted tasks. */
  constructor(done: string) {
    this.#done = done;
  }

  /** Sets the total, once it is known. */
  expect(count: number): void {
    this.#of = count;
  }

  /** Without a timer: the counted work blocks the event loop. */
  add(count: number): void {
    this.total += count;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shownAt < REWRITE_MS) return;
    this.#shownAt = now;
    const of = this.#of === null ? '' : ` of ${this.#of}`;
    process.stderr.write(`${CLEAR_LINE}${this.total}${of} tasks ${this.#done}`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  }
}
