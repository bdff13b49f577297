import { type Command, InvalidArgumentError, Option } from 'commander';
import { TASK_STATUSES, type TaskStatus } from '../../domain/task-status.js';
import { defineFileCommand } from './define-file-command.js';
import type { ExportFlags } from './export.js';

const HELP = `
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
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, flags: ExportFlags) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { exportTasks } = await import('./export.js');
      await exportTasks(file ?? '-', flags);
    });
}
