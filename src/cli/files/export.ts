import { once } from 'node:events';
import { exportDatabase, writeNewFile } from '../../app/file-tools.js';
import { readDatabase } from '../../config.js';
import type { TaskStatus } from '../../domain/task-status.js';
import { shownPath } from './shown-path.js';
import { TaskCount } from './task-count.js';

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

/** `spoolite export`: writes tasks to a file, which is there when it is whole, or to standard output. Throws `StartupError`. */
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
