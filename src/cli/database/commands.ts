import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULTS } from '../../config/options.js';
import { TASK_STATUSES, type TaskStatus } from '../../core/task.js';
import { expiry, keyName, scopes, wholeNumber } from '../arguments.js';
import { addOptions, describeOption } from '../options.js';
import type { BackupFlags, DoctorFlags, RestoreFlags } from './file-actions.js';
import type { CreateFlags, KeyFlags } from './key-actions.js';
import type { ExportFlags, ImportFlags } from './transfer-actions.js';

/** The commands on the database file. */
export function addFileCommands(program: Command): void {
  addBackupCommand(program);
  addRestoreCommand(program);
  addExportCommand(program);
  addImportCommand(program);
  addDoctorCommand(program);
  addKeysCommand(program);
}

/** A command on the database file, with the common options. */
export function defineFileCommand(program: Command, usage: string, description: string): Command {
  const { flag, variable } = describeOption('database');
  const command = program
    .command(usage)
    .description(description)
    // Other default text: the commands that run create a missing file, these do not.
    .option(flag, `the SQLite file (${DEFAULTS.database}) [${variable}]`);
  return addOptions(command, 'common');
}

const BACKUP_HELP = `
Examples:
  spoolite backup queue-backup.db
  spoolite backup --rotate 7 backups/queue.db       makes backups/queue-20251105T193500123Z.db

The copy is a consistent snapshot; servers and workers keep running. It gets its final name only once it is checked and on
disk, so there is never half a backup under that name. A server can make scheduled backups: see --backup-folder in
"spoolite help serve".

Exit codes: 0 the backup is complete and intact; 1 it failed, and nothing was left behind.`;

/** `backup`: copies the database file while it is in use. */
export function addBackupCommand(program: Command): void {
  defineFileCommand(program, 'backup', 'Back up the database while it is in use, and check the copy')
    .argument('<file>', 'the file to write')
    .option('--force', 'overwrite the file if it exists')
    .option(
      '--rotate <number>',
      'add the time to the name, and keep only this many of such files',
      wholeNumber,
    )
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', BACKUP_HELP)
    .action(async (file: string, flags: BackupFlags) => {
      // Loaded on demand: every server and worker starts from this same command line.
      const { backup } = await import('./file-actions.js');
      await backup(file, flags);
    });
}

const RESTORE_HELP = `
Examples:
  spoolite restore backups/queue-20251105T193500123Z.db --database queue.db
  spoolite restore --yes queue-backup.db            without confirmation, for scripts

Stop every server and worker first: restore refuses while any process has the database open. It checks the backup before it
changes anything. The replaced database is kept beside the new one, under a name that is printed. The backup is not changed.

Exit codes: 0 restored; 1 failed, and nothing was changed.`;

/** `restore`: replaces the database file with a backup. */
export function addRestoreCommand(program: Command): void {
  defineFileCommand(program, 'restore', 'Replace the database with a backup')
    .argument('<file>', 'the backup')
    .option('--yes', 'skip the confirmation')
    .option('--json', 'print the outcome as JSON')
    .addHelpText('after', RESTORE_HELP)
    .action(async (file: string, flags: RestoreFlags) => {
      // Loaded on demand: every server and worker starts from this same command line.
      const { restore } = await import('./file-actions.js');
      await restore(file, flags);
    });
}

const EXPORT_HELP = `
Examples:
  spoolite export tasks.jsonl --logs
  spoolite export --status failed | jq -r 'select(.task_id) | .error_message'
  spoolite export | ssh other spoolite import - --database queue.db

One line of JSON per task, in order of id, between a header line and a last line with the count. The export is a consistent
snapshot; servers and workers keep running.

Exit codes: 0 all tasks are written; 1 failed, and no file was left behind.`;

const many = (value: string, before: string[] = []): string[] => [...before, value];

/** Commander validates choices only if it does the parsing. */
function statuses(value: string, before?: string[]): string[] {
  if (TASK_STATUSES.includes(value as TaskStatus)) return many(value, before);
  throw new InvalidArgumentError(`Allowed choices are ${TASK_STATUSES.join(', ')}.`);
}

/** `export`: writes tasks as lines of JSON. */
export function addExportCommand(program: Command): void {
  defineFileCommand(program, 'export', 'Write tasks as lines of JSON')
    .argument('[file]', 'the file to write; - or none is standard output')
    .addOption(
      new Option('--status <status>', 'only tasks with this status; can be repeated')
        .choices(TASK_STATUSES)
        .argParser(statuses),
    )
    .option('--type <type>', 'only tasks of this type; can be repeated', many)
    .option('--logs', 'include the log of each task')
    .option('--force', 'overwrite the file if it exists')
    .addHelpText('after', EXPORT_HELP)
    .action(async (file: string | undefined, flags: ExportFlags) => {
      // Loaded on demand: every server and worker starts from this same command line.
      const { exportTasks } = await import('./transfer-actions.js');
      await exportTasks(file ?? '-', flags);
    });
}

const IMPORT_HELP = `
Examples:
  spoolite import tasks.jsonl --database new.db
  spoolite import tasks.jsonl --json > new-ids.jsonl

The whole file is validated first: an invalid line is reported, and nothing is changed. Tasks keep their ids in a database that
never had any; otherwise they get new ones. Tasks that are already there, from an earlier import of the same file or by their
idempotency key, are not added again. Servers and workers can keep running.

Exit codes: 0 all tasks of the file are imported; 1 not all are, and the message says which.`;

/** `import`: adds tasks from an export. */
export function addImportCommand(program: Command): void {
  defineFileCommand(program, 'import', 'Add tasks from an export')
    .argument('[file]', 'the file to read; - or none is standard input')
    .option('--json', 'print the line, old id and new id of each task, as a line of JSON')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string | undefined, flags: ImportFlags) => {
      // Loaded on demand: every server and worker starts from this same command line.
      const { importTasks } = await import('./transfer-actions.js');
      await importTasks(file ?? '-', flags);
    });
}

const DOCTOR_HELP = `
Checks for damage and lost log entries, and checks counters, leases, the clock, versions, settings of the file, free space,
the write-ahead log, the disk and permissions. Servers and workers keep running and are not blocked.

--fix recounts the counters, expires overdue leases, releases free space, empties the write-ahead log and repairs the wake
file, and prints what it did. It never changes a damaged file. The exit code reflects what is left.

Exit codes: 0 ok; 1 warnings (or wrong usage, or no such file); 2 a problem.`;

/** `doctor`: checks the database file. */
export function addDoctorCommand(program: Command): void {
  defineFileCommand(program, 'doctor', 'Check the database file, and suggest fixes')
    .option('--fix', 'repair what can be repaired without risk')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', DOCTOR_HELP)
    .action(async (flags: DoctorFlags) => {
      // Loaded on demand: every server and worker starts from this same command line.
      const { doctor } = await import('./file-actions.js');
      process.exitCode = await doctor(flags);
    });
}

const KEYS_HELP = `
Once a database has a key, every request needs one; without any, only this machine has access. Changes take effect at once,
without a restart of the servers.

Scopes: read shows tasks, statistics and changes; enqueue adds tasks (with read: also cancels and retries them); work claims
and settles them; admin allows all of that, and reading the audit log.

Examples:
  spoolite keys create --name ci --scopes enqueue,read --expires 90d
  spoolite keys rotate ci`;

const CREATE_KEY_HELP = `
Only the key goes to standard output: KEY=$(spoolite keys create --name ci --scopes read). It is not stored and cannot
be shown again.`;

// Loaded on demand: every server and worker starts from this same command line.
const keyActions = () => import('./key-actions.js');

/** `keys`: access to the API of servers on a file. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .description('Create, list, revoke and rotate API keys')
    .addHelpText('after', KEYS_HELP);
  defineFileCommand(keys, 'create', 'Create a key, and print it once')
    .requiredOption('--name <name>', 'permanent name of the key, as shown in the audit log', keyName)
    .addOption(
      new Option('--scopes <scopes>', 'what it allows: read, enqueue, work, admin, separated by commas')
        .argParser(scopes)
        .makeOptionMandatory(),
    )
    .option('--expires <when>', 'when it expires: 90d, 12h, or a date and time (never)', expiry)
    .option('--json', 'print the name and the key as JSON')
    .addHelpText('after', CREATE_KEY_HELP)
    .action(async (flags: CreateFlags) => (await keyActions()).create(flags));
  defineFileCommand(keys, 'list', 'List the keys, including revoked and expired ones')
    .option('--json', 'print JSON (the default unless standard output is a terminal)')
    .option('--no-json', 'print text, even where standard output is not a terminal')
    .action(async (flags: KeyFlags) => (await keyActions()).list(flags));
  defineFileCommand(keys, 'revoke', 'Revoke a key permanently')
    .argument('<name>', 'the name of the key')
    .action(async (name: string, flags: KeyFlags) => (await keyActions()).revoke(name, flags));
  defineFileCommand(keys, 'rotate', 'Replace the token of a key, and print it once; the old one is refused')
    .argument('<name>', 'the name of the key')
    .option('--json', 'print the name and the key as JSON')
    .action(async (name: string, flags: KeyFlags) => (await keyActions()).rotate(name, flags));
}
