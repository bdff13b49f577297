import { type Command, Option } from 'commander';
import type { BulkAction, BulkFilter } from '../../client/index.js';
import { allowedStatuses } from '../../core/bulk.js';
import { FAILURE_REASONS, type FailureReason, type TaskStatus } from '../../core/task.js';
import { instant, wholeNumber } from '../arguments.js';
import { addOptions } from '../options.js';
import { type Context, EXIT_CODES_HELP } from './context.js';
import type { CommonFlags } from './run-command.js';

interface Definition {
  usage: string;
  description: string;
  /** Text at the end of its help. */
  help?: string;
}

/** A command on tasks, with the common options. */
export function defineCommand(
  program: Command,
  { usage, description, help = EXIT_CODES_HELP }: Definition,
): Command {
  const command = program.command(usage).description(description);
  return addOptions(command, 'client', 'common')
    .option('--json', 'print JSON (the default unless standard output is a terminal)')
    .option('--no-json', 'print text, even where standard output is not a terminal')
    .addHelpText('after', help);
}

/** Adapts a command for commander, which passes the arguments first, then the flags. */
export const running =
  <Flags, Args extends unknown[]>(
    run: (context: Context<Flags>, ...args: Args) => Promise<number | undefined>,
  ) =>
  async (...given: unknown[]): Promise<void> => {
    // Loaded on demand: every server and worker starts from this same command line.
    const { runCommand } = await import('./run-command.js');
    const args = given.slice(0, -2) as Args;
    await runCommand(given.at(-2) as Flags & CommonFlags, (context) => run(context, ...args));
  };

/** Selects tasks in place of ids. */
export interface FilterFlags {
  all?: true;
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  createdAfter?: Date;
  createdBefore?: Date;
  dryRun?: true;
  yes?: number;
}

/** For commands on failed tasks. */
export const failureReasonOption = (description: string): Option =>
  new Option('--failure-reason <reason>', description).choices(FAILURE_REASONS);

/** Adds the options that select tasks by a filter, and that confirm the change. */
export function addFilterOptions(command: Command, action: BulkAction): Command {
  command
    .addOption(new Option('--status <status>', 'all tasks with this status').choices(allowedStatuses(action)))
    .option('--type <type>', 'all tasks of this type');
  if (action !== 'cancel') command.addOption(failureReasonOption('all tasks that failed for this reason'));
  return command
    .option('--created-after <instant>', 'all tasks created after this time', instant)
    .option('--created-before <instant>', 'all tasks created before this time', instant)
    .option('--all', 'all tasks')
    .option('--dry-run', 'only say how many tasks match')
    .option('--yes <number>', 'skip the confirmation if at most this many tasks match', countOf);
}

/** Zero is a valid count. */
const countOf = (text: string): number => (text === '0' ? 0 : wholeNumber(text));

/** The filter in the flags; null without one. */
export function filterIn(flags: FilterFlags): BulkFilter<Record<string, never>> | null {
  const { status, type, failureReason, createdAfter, createdBefore, all } = flags;
  const conditions = { status, type, failureReason, createdAfter, createdBefore };
  const isNarrowed = Object.values(conditions).some((value) => value !== undefined);
  if (isNarrowed) return conditions;
  return all ? { all } : null;
}
