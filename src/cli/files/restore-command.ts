import type { Command } from 'commander';
import { defineFileCommand } from './define-file-command.js';
import type { RestoreFlags } from './restore.js';

const HELP = `
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
    .addHelpText('after', HELP)
    .action(async (file: string, flags: RestoreFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { restore } = await import('./restore.js');
      await restore(file, flags);
    });
}
