import type { Command } from 'commander';
import { defineFileCommand } from './define-file-command.js';
import type { ImportFlags } from './import.js';

const HELP = `
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
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, flags: ImportFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { importTasks } = await import('./import.js');
      await importTasks(file ?? '-', flags);
    });
}
