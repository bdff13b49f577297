import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { importIntoDatabase } from '../../app.js';
import { readDatabase } from '../../config.js';
import { StartupError } from '../../domain/startup-error.js';
import { TaskCount } from './task-count.js';

export interface ImportFlags {
  database?: string;
  config?: string;
  json?: boolean;
}

/** Runs `use` on the file. What comes from standard input is put into one first: it is read twice. */
async function withFile(file: string, use: (path: string, name: string) => void): Promise<void> {
  if (file !== '-') {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new StartupError(`There is no file at ${file}.`);
    use(file, file);
    return;
  }
  // Only this user may look into such a folder.
  const folder = mkdtempSync(join(tmpdir(), 'spoolite-import-'));
  try {
    const path = join(folder, 'tasks.jsonl');
    await pipeline(process.stdin, createWriteStream(path));
    use(path, 'standard input');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `spoolite import`: adds the tasks of a file, and says how many. Throws `StartupError`. */
export async function importTasks(file: string, { json, ...flags }: ImportFlags): Promise<void> {
  const database = await readDatabase(flags);
  await withFile(file, (path, name) => {
    const count = new TaskCount('imported');
    let added = 0;
    const onBatch = (batch: readonly { line: number; fileId: number; id: number; isNew: boolean }[]) => {
      count.add(batch.length);
      added += batch.filter(({ isNew }) => isNew).length;
      if (!json) return;
      for (const { line, fileId, id, isNew } of batch)
        console.log(JSON.stringify({ line, file_task_id: fileId, task_id: id, added: isNew }));
    };
    const onPlanned = (all: number) => count.expect(all);
    const onUpgradeBackup = (copy: string) => process.stderr.write(`copied the database to ${copy} first\n`);
    let keptIds: boolean;
    try {
      ({ keptIds } = importIntoDatabase({ file: path, name, database, onPlanned, onUpgradeBackup }, onBatch));
    } finally {
      count.end();
    }
    const before = count.total - added;
    const rest = before === 0 ? '' : `; ${before} were there already`;
    process.stderr.write(`${added} tasks imported with ${keptIds ? 'their' : 'new'} ids${rest}\n`);
  });
}
