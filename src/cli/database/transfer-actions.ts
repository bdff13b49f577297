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

/** Characters that are gathered for one write. */
const CHUNK = 64 * 1024;

/** The lines in pieces that are worth a write each; `onLine` is called for each line. */
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

/** Writes no faster than the reader takes it. What a full disk or a closed pipe says ends the command, as with every other. */
async function toStandardOutput(chunks: Iterable<string>): Promise<void> {
  for (const chunk of chunks) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}

/** `spoolite export`: writes tasks to a file, which is there when it is whole, or to standard output. Throws `UserError`. */
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
  // The first line and the last one are no tasks.
  console.error(`${count.total - 2} tasks exported${file === '-' ? '' : ` to ${shownPath(file)}`}`);
}

export interface ImportFlags {
  database?: string;
  config?: string;
  json?: boolean;
}

/** Where a file of tasks is, and what people know it by. */
interface Source {
  file: string;
  name: string;
}

/** To people only: standard output is for what became of each task. */
const say = (text: string): void => console.error(text);

/** Runs `use` on the file. What comes from standard input is put into one first: it is read twice. */
async function withSource(file: string, use: (source: Source) => void): Promise<void> {
  if (file !== '-') {
    if (!existsSync(file) || !statSync(file).isFile()) throw new UserError(`There is no file at ${file}.`);
    use({ file, name: file });
    return;
  }
  // Only this user may look into such a folder.
  const folder = mkdtempSync(join(tmpdir(), 'spoolite-import-'));
  try {
    const path = join(folder, 'tasks.jsonl');
    await pipeline(process.stdin, createWriteStream(path)).catch((cause: NodeJS.ErrnoException) => {
      throw new UserError(`Standard input could not be put into ${folder} (${cause.code}).`, { cause });
    });
    use({ file: path, name: 'standard input' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What became of one task, for programs. */
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

/** Imports, and returns how many tasks were added, how many already existed, and whether they have their ids. */
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

/** `spoolite import`: adds the tasks of a file, and says how many. Throws `UserError`. */
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

/** Says on a terminal how many tasks it has come to, on one line that is rewritten; nothing elsewhere. */
export class TaskCount {
  readonly #done: string;
  #of: number | null = null;
  #shownAt = performance.now();
  total = 0;

  /** `done` is the word for what becomes of them. */
  constructor(done: string) {
    this.#done = done;
  }

  /** How many there are in all, once that is known. */
  expect(count: number): void {
    this.#of = count;
  }

  /** Not by a timer: what is counted leaves no time for one. */
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
