import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { restoreDatabase } from '../../app/file-tools.js';
import { readDatabase } from '../../config.js';
import { StartupError } from '../../domain/startup-error.js';
import { commandLineCaller } from './command-line-caller.js';
import { shownPath } from './shown-path.js';

export interface RestoreFlags {
  database?: string;
  config?: string;
  yes?: boolean;
  json?: boolean;
}

/** Throws `StartupError` unless a person at a terminal says yes. */
async function confirm(file: string, database: string): Promise<void> {
  const question = `Replace ${database} by ${file}? What was done since then will be gone from it. (yes/no) `;
  if (!process.stdin.isTTY)
    throw new StartupError('Nobody can be asked whether to replace the database: say --yes.');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D are a no.
  const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  const answer = await Promise.race([asking.question(question), closed]);
  asking.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new StartupError('Nothing was changed.');
}

/** `spoolite restore`: puts a backup in the place of the database, and says where that is now. Throws `StartupError`. */
export async function restore(file: string, { yes, json, ...flags }: RestoreFlags): Promise<void> {
  const database = await readDatabase(flags);
  if (!yes && existsSync(database)) await confirm(file, database);
  const { tasks, kept, isContinued, lastTaskId } = restoreDatabase({
    backup: file,
    database,
    by: commandLineCaller(),
  });
  if (json) {
    console.log(JSON.stringify({ database, backup: file, tasks, kept, last_task_id: lastTaskId }));
    return;
  }
  console.log(`${shownPath(database)} has the ${tasks} tasks of ${shownPath(file)}`);
  if (kept !== null) console.log(`What it was is in ${shownPath(kept)}`);
  if (!isContinued)
    console.log(
      `How far the queue had come cannot be told: new tasks get ids above ${lastTaskId}, which nobody had`,
    );
}
