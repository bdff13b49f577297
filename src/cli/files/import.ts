import { createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { importIntoDatabase } from '../../app/file-tools.js';
import { readDatabase } from '../../config.js';
import { StartupError } from '../../domain/startup-error.js';
import { commandLineCaller } from './command-line-caller.js';
import { TaskCount } from './task-count.js';

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
    if (!existsSync(file) || !statSync(file).isFile()) throw new StartupError(`There is no file at ${file}.`);
    use({ file, name: file });
    return;
  }
  // Only this user may look into such a folder.
  const folder = mkdtempSync(join(tmpdir(), 'spoolite-import-'));
  try {
    const path = join(folder, 'tasks.jsonl');
    await pipeline(process.stdin, createWriteStream(path)).catch((cause: NodeJS.ErrnoException) => {
      throw new StartupError(`Standard input could not be put into ${folder} (${cause.code}).`, { cause });
    });
    use({ file: path, name: 'standard input' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What became of one task, for programs. */
function print({
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

/** Imports, and returns how many tasks were added, how many were there already, and whether they have their ids. */
function run(source: Source, database: string, json: boolean) {
  const count = new TaskCount('imported');
  const onPlanned = (all: number) => count.expect(all);
  const onUpgradeBackup = (copy: string) => say(`copied the database to ${copy} first`);
  const batches = importIntoDatabase({
    ...source,
    database,
    by: commandLineCaller(),
    onPlanned,
    onUpgradeBackup,
  });
  let added = 0;
  try {
    let next = batches.next();
    for (; !next.done; next = batches.next()) {
      count.add(next.value.length);
      added += next.value.filter(({ isNew }) => isNew).length;
      if (json) next.value.forEach(print);
    }
    return { added, before: count.total - added, keptIds: next.value.keptIds };
  } finally {
    count.end();
  }
}

/** `spoolite import`: adds the tasks of a file, and says how many. Throws `StartupError`. */
export async function importTasks(file: string, { json = false, ...flags }: ImportFlags): Promise<void> {
  const database = await readDatabase(flags);
  await withSource(file, (source) => {
    const { added, before, keptIds } = run(source, database, json);
    const rest = before === 0 ? '' : `; ${before} were there already`;
    say(`${added} tasks imported with ${keptIds ? 'their' : 'new'} ids${rest}`);
  });
}
