import type { Command } from 'commander';
import { wholeNumber } from '../tasks/arguments.js';
import type { BackupFlags } from './backup.js';
import { defineFileCommand } from './define-file-command.js';

const HELP = `
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
    .addHelpText('after', HELP)
    .action(async (file: string, flags: BackupFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { backup } = await import('./backup.js');
      await backup(file, flags);
    });
}
