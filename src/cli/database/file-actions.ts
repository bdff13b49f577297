import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { backUpDatabase, diagnoseDatabase, repairDatabase, restoreDatabase } from '../../admin/file-tools.js';
import { readBackupPlan, readDatabase } from '../../config/read-config.js';
import { type Actor, COMMAND_LINE_PREFIX } from '../../core/access.js';
import { UserError } from '../../core/errors.js';
import { type DoctorFinding, worstLevel } from '../../core/finding.js';
import { formatBytes } from '../../core/text.js';

export interface BackupFlags {
  database?: string;
  config?: string;
  force?: boolean;
  rotate?: number;
  json?: boolean;
}

/** `spoolite backup`: copies the database and prints a summary of the copy. Throws `UserError`. */
export async function backup(file: string, { force, rotate, json, ...flags }: BackupFlags): Promise<void> {
  const database = await readDatabase(flags);
  const made = backUpDatabase({ database, file, force, rotate });
  if (json) {
    const { file: path, bytes, tasks, removed } = made;
    console.log(JSON.stringify({ database, backup: path, bytes, tasks, removed }));
    return;
  }
  console.log(`${shownPath(made.file)}: ${made.tasks} tasks, ${formatBytes(made.bytes)}, checked, no damage`);
  for (const path of made.removed) console.log(`deleted ${shownPath(path)}`);
}

export interface RestoreFlags {
  database?: string;
  config?: string;
  yes?: boolean;
  json?: boolean;
}

/** Throws `UserError` unless confirmed at a terminal. */
async function confirmRestore(file: string, database: string): Promise<void> {
  const question = `Replace ${database} with ${file}? Changes made since that backup will be lost. (yes/no) `;
  if (!process.stdin.isTTY)
    throw new UserError('Confirmation needs a terminal: add --yes to replace the database.');
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D decline.
  const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  const answer = await Promise.race([asking.question(question), closed]);
  asking.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('Nothing was changed.');
}

/** `spoolite restore`: replaces the database with a backup, and prints where the old one is now. Throws `UserError`. */
export async function restore(file: string, { yes, json, ...flags }: RestoreFlags): Promise<void> {
  const database = await readDatabase(flags);
  if (!yes && existsSync(database)) await confirmRestore(file, database);
  const { tasks, kept, isContinued, lastTaskId } = restoreDatabase({
    backup: file,
    database,
    actor: commandLineActor(),
  });
  if (json) {
    console.log(JSON.stringify({ database, backup: file, tasks, kept, last_task_id: lastTaskId }));
    return;
  }
  console.log(`${shownPath(database)} now has the ${tasks} tasks of ${shownPath(file)}`);
  if (kept !== null) console.log(`The previous database is in ${shownPath(kept)}`);
  if (!isContinued)
    console.log(`The last id of the previous database is unknown: new tasks get ids above ${lastTaskId}`);
}

export interface DoctorFlags {
  database?: string;
  config?: string;
  fix?: boolean;
  json?: boolean;
}

const EXIT_CODES = { ok: 0, warning: 1, problem: 2 } as const;

const LONGEST_LEVEL = 'warning'.length;
const LONGEST_CHECK = 'permissions'.length;

const findingLine = ({ check, level, message, advice }: DoctorFinding): string =>
  `${level.padEnd(LONGEST_LEVEL)}  ${check.padEnd(LONGEST_CHECK)}  ${message}${advice ? `. To do: ${advice}` : ''}`;

/** `spoolite doctor`: prints the findings, after the repairs of `--fix`, and resolves to the exit code. */
export async function doctor(flags: DoctorFlags): Promise<number> {
  const database = await readDatabase(flags);
  const repairs = flags.fix ? repairDatabase(database) : [];
  const findings = diagnoseDatabase(database, await readBackupPlan(flags));
  const level = worstLevel(findings);
  if (flags.json) {
    console.log(JSON.stringify({ database, level, findings, repairs }));
  } else {
    for (const repair of repairs) console.log(`fixed    ${repair}`);
    if (flags.fix && repairs.length === 0) console.log('Nothing was changed.');
    for (const finding of findings) console.log(findingLine(finding));
  }
  return EXIT_CODES[level];
}

/** The shortest way to type a path. */
export function shownPath(path: string): string {
  const short = relative('.', path);
  return short === '' || short.startsWith('..') ? path : short;
}

/** Some systems have no name for the process's user. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** The actor, in the audit log, of commands on the file. */
export const commandLineActor = (): Actor => ({
  name: `${COMMAND_LINE_PREFIX}${userName()}`,
  address: null,
  requestId: null,
});
