import { relative } from 'node:path';
import { backUpDatabase } from '../../app.js';
import { readDatabase } from '../../config.js';
import { sizeText } from '../../domain/size-text.js';

export interface BackupFlags {
  database?: string;
  config?: string;
  force?: boolean;
  rotate?: number;
  json?: boolean;
}

/** As people would type it. */
const shown = (path: string): string => {
  const short = relative('.', path);
  return short.startsWith('..') ? path : short;
};

/** `spoolite backup`: copies the database, and says what the copy is. Throws `StartupError`. */
export async function backup(file: string, { force, rotate, json, ...flags }: BackupFlags): Promise<void> {
  const database = await readDatabase(flags);
  const made = backUpDatabase({ database, file, force, rotate });
  if (json) {
    const { file: path, bytes, tasks, removed } = made;
    console.log(JSON.stringify({ database, backup: path, bytes, tasks, removed }));
    return;
  }
  console.log(`${shown(made.file)}: ${made.tasks} tasks, ${sizeText(made.bytes)}, examined and sound`);
  for (const path of made.removed) console.log(`deleted ${shown(path)}`);
}
