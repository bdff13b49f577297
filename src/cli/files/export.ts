import { exportDatabase, writeNewFile } from '../../app/file-tools.js';
import { readDatabase } from '../../config.js';
import { StartupError } from '../../domain/startup-error.js';
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

/** Writes no faster than whoever reads takes it. Throws `StartupError` when it is not taken, by a full disk perhaps. */
async function toStandardOutput(chunks: Iterable<string>): Promise<void> {
  const { stdout } = process;
  for (const chunk of chunks) {
    await new Promise<void>((resolve, reject) => {
      stdout.once('error', reject);
      stdout.write(chunk, (error) => (error ? reject(error) : resolve()));
    }).catch((cause: NodeJS.ErrnoException) => {
      // Whoever read has had enough (`| head`).
      if (cause.code === 'EPIPE') process.exit(0);
      throw new StartupError(`Standard output did not take all of it (${cause.code}).`, { cause });
    });
    stdout.removeAllListeners('error');
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
  process.stderr.write(`${count.total - 2} tasks exported${file === '-' ? '' : ` to ${shownPath(file)}`}\n`);
}
