import { backUpDatabase } from '../../app/file-tools.js';
import { readDatabase } from '../../config.js';
import { sizeText } from '../../domain/size-text.js';
import { shownPath } from './shown-path.js';

export interface BackupFlags {
  database?: string;
  config?: string;
  force?: boolean;
  rotate?: number;
  json?: boolean;
}

/** `spoolite backup`: copies the database, and says what the copy is. Throws `StartupError`. */
export async function backup(file: string, { force, rotate, json, ...flags }: BackupFlags): Promise<void> {
  const database = await readDatabase(flags);
  const made = backUpDatabase({ database, file, force, rotate });
  if (json) {
    const { file: path, bytes, tasks, removed } = made;
    console.log(JSON.stringify({ database, backup: path, bytes, tasks, removed }));
    return;
  }
  console.log(`${shownPath(made.file)}: ${made.tasks} tasks, ${sizeText(made.bytes)}, examined and sound`);
  for (const path of made.removed) console.log(`deleted ${shownPath(path)}`);
}
