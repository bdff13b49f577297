import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_DATABASE } from '../../config/read-config.js';
import { TASK_STATUSES, type TaskStatus } from '../../core/task.js';
import { expiry, keyName, scopes, wholeNumber } from '../arguments.js';
import { addOptions, COMMON_OPTIONS, describeOption } from '../options.js';
import type { BackupFlags, DoctorFlags, RestoreFlags } from './file-actions.js';
import type { CreateFlags, KeyFlags } from './key-actions.js';
import type { ExportFlags, ImportFlags } from './transfer-actions.js';

/** The commands that look after the database file. */
export function addFileCommands(program: Command): void {
  addBackupCommand(program);
  addRestoreCommand(program);
  addExportCommand(program);
  addImportCommand(program);
  addDoctorCommand(program);
  addKeysCommand(program);
}

/** A command about the database file, with what all of them have. */
export function defineFileCommand(program: Command, usage: string, description: string): Command {
  const { flag, variable } = describeOption('database');
  const command = program
    .command(usage)
    .description(description)
    // The commands that run make the file where it is not there; these do not.
    .option(flag, `the SQLite file (${DEFAULT_DATABASE}) [${variable}]`);
  return addOptions(command, COMMON_OPTIONS);
}

const BACKUP_HELP = `
Examples:
  spoolite backup queue-backup.db
  spoolite backup --rotate 7 backups/queue.db       makes backups/queue-20251105T193500123Z.db

The copy is the queue as it is at one moment; servers and workers go on meanwhile. It gets its name when it has been examined
and is on the disk: there is never half a backup under that name. A server can make backups by itself: see --backup-folder
in "spoolite help serve".

Exit codes: 0 the backup is made and sound; 1 it is not, and nothing was left.`;

/** `backup`: copies the database file while it is used. */
export function addBackupCommand(program: Command): void {
  defineFileCommand(program, 'backup', 'Copy the database while it is used, and examine the copy')
    .argument('<file>', 'what the copy is called')
    .option('--force', 'replace the file if it is there')
    .option(
      '--rotate <number>',
      'put the time into the name, and delete all but so many of these',
      wholeNumber,
    )
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', BACKUP_HELP)
    .action(async (file: string, flags: BackupFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { backup } = await import('./file-actions.js');
      await backup(file, flags);
    });
}

const RESTORE_HELP = `
Examples:
  spoolite restore backups/queue-20251105T193500123Z.db --database queue.db
  spoolite restore --yes queue-backup.db            asks nothing, for scripts

Stop every server and worker first: it refuses while anybody has the database open. It examines the backup before it touches
anything. The database that is replaced stays beside it, under a name that is told. The backup itself stays as it is.

Exit codes: 0 the backup is in place; 1 it is not, and everything is as it was.`;

/** `restore`: puts a backup in the place of the database file. */
export function addRestoreCommand(program: Command): void {
  defineFileCommand(program, 'restore', 'Put a backup in the place of the database')
    .argument('<file>', 'the backup')
    .option('--yes', 'do not ask')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', RESTORE_HELP)
    .action(async (file: string, flags: RestoreFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { restore } = await import('./file-actions.js');
      await restore(file, flags);
    });
}

const EXPORT_HELP = `
Examples:
  spoolite export tasks.jsonl --logs
  spoolite export --status failed | jq -r 'select(.task_id) | .error_message'
  spoolite export | ssh other spoolite import - --database queue.db

One line of JSON for each task, in order of id, between a first line that says what this is and a last one that says how many
there are. All are of one moment; servers and workers go on meanwhile.

Exit codes: 0 all tasks are written; 1 they are not, and no file was left.`;

const many = (value: string, before: string[] = []): string[] => [...before, value];

/** Commander checks choices only of what it parses itself. */
function statuses(value: string, before?: string[]): string[] {
  if (TASK_STATUSES.includes(value as TaskStatus)) return many(value, before);
  throw new InvalidArgumentError(`Allowed choices are ${TASK_STATUSES.join(', ')}.`);
}

/** `export`: writes the tasks of the database as lines of JSON. */
export function addExportCommand(program: Command): void {
  defineFileCommand(program, 'export', 'Write tasks as lines of JSON')
    .argument('[file]', 'where to; - or none is standard output')
    .addOption(
      new Option('--status <status>', 'only these; may be given more than once')
        .choices(TASK_STATUSES)
        .argParser(statuses),
    )
    .option('--type <type>', 'only tasks of this type; may be given more than once', many)
    .option('--logs', 'with the log of each task')
    .option('--force', 'replace the file if it is there')
    .addHelpText('after', EXPORT_HELP)
    .action(async (file: string | undefined, flags: ExportFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { exportTasks } = await import('./transfer-actions.js');
      await exportTasks(file ?? '-', flags);
    });
}

const IMPORT_HELP = `
Examples:
  spoolite import tasks.jsonl --database new.db
  spoolite import tasks.jsonl --json > new-ids.jsonl

The whole file is looked at before the first task goes in: when a line is wrong, it is named, and nothing was changed. Tasks
keep their ids in a database that never had any; elsewhere they get new ones. What is in a database already, because the same
file was imported before or by its idempotency key, is not added again. Servers and workers may go on meanwhile.

Exit codes: 0 all tasks of the file are in; 1 they are not, and it says which are.`;

/** `import`: adds tasks that `export` has written. */
export function addImportCommand(program: Command): void {
  defineFileCommand(program, 'import', 'Add tasks that export has written')
    .argument('[file]', 'where from; - or none is standard input')
    .option('--json', 'print for each task its line, its id there and its id here, as a line of JSON')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string | undefined, flags: ImportFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { importTasks } = await import('./transfer-actions.js');
      await importTasks(file ?? '-', flags);
    });
}

const DOCTOR_HELP = `
Looks at damage, lost log entries, counters, leases, the clock, versions, settings of the file, free space, the
write-ahead log, the disk and permissions. A server may run meanwhile; nobody has to wait.

--fix counts the counters anew, takes back expired leases, gives free space back, empties the write-ahead log and mends the
wake file, and says what it did. It never touches a damaged file. The exit code is that of what is left then.

Exit codes: 0 all is well; 1 warnings (or wrong usage, or no such file); 2 a problem.`;

/** `doctor`: examines the database file. */
export function addDoctorCommand(program: Command): void {
  defineFileCommand(program, 'doctor', 'Examine the database file, and say what to do')
    .option('--fix', 'mend what can be mended without risk')
    .option('--json', 'print the findings as JSON')
    .addHelpText('after', DOCTOR_HELP)
    .action(async (flags: DoctorFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { doctor } = await import('./file-actions.js');
      process.exitCode = await doctor(flags);
    });
}

const KEYS_HELP = `
Once a file has a key, whoever asks a server on it needs one; without any, only this machine is let in. Servers heed what
is done here at once, and need no restart.

Scopes: read sees tasks, numbers and changes; enqueue adds tasks (with read: also cancels and retries them); work claims and
settles them; admin may do all of it, and reads the audit log.

Examples:
  spoolite keys create --name ci --scopes enqueue,read --expires 90d
  spoolite keys rotate ci`;

const CREATE_KEY_HELP = `
The key goes to standard output, alone: KEY=$(spoolite keys create --name ci --scopes read). It is not stored and cannot be
shown again.`;

// Loaded when it is wanted: every server and worker starts from this same command line.
const keyActions = () => import('./key-actions.js');

/** `keys`: who may use the API of servers on a file. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .description('Make, list, revoke and rotate the keys to the API')
    .addHelpText('after', KEYS_HELP);
  defineFileCommand(keys, 'create', 'Make a key, and print it once')
    .requiredOption('--name <name>', 'what the key is called in the audit log; for good', keyName)
    .addOption(
      new Option('--scopes <scopes>', 'what it is for: read, enqueue, work, admin, separated by commas')
        .argParser(scopes)
        .makeOptionMandatory(),
    )
    .option('--expires <when>', 'when it ends: 90d, 12h, or a date and a time (never)', expiry)
    .option('--json', 'print the name and the key as JSON')
    .addHelpText('after', CREATE_KEY_HELP)
    .action(async (flags: CreateFlags) => (await keyActions()).create(flags));
  defineFileCommand(keys, 'list', 'List the keys, also those that have ended')
    .option('--json', 'print JSON (so unless standard output is a terminal)')
    .option('--no-json', 'print text for people, wherever it goes')
    .action(async (flags: KeyFlags) => (await keyActions()).list(flags));
  defineFileCommand(keys, 'revoke', 'End a key, for good')
    .argument('<name>', 'the name of the key')
    .action(async (name: string, flags: KeyFlags) => (await keyActions()).revoke(name, flags));
  defineFileCommand(keys, 'rotate', 'Give a key another token, and print it once; the old one is refused')
    .argument('<name>', 'the name of the key')
    .option('--json', 'print the name and the key as JSON')
    .action(async (name: string, flags: KeyFlags) => (await keyActions()).rotate(name, flags));
}
