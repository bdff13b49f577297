import { type Command, Option } from 'commander';
import type { BulkAction, BulkFilter } from '../../client/index.js';
import { statusesOf } from '../../domain/bulk.js';
import { FAILURE_REASONS, type FailureReason, type TaskStatus } from '../../domain/task-status.js';
import { instant, wholeNumber } from './arguments.js';

/** What the commands about many tasks take instead of their numbers. */
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

/** Of the commands that look at failed tasks. */
export const failureReasonOption = (description: string): Option =>
  new Option('--failure-reason <reason>', description).choices(FAILURE_REASONS);

/** Adds what chooses tasks by a filter, and what confirms it. */
export function addFilterOptions(command: Command, action: BulkAction): Command {
  command
    .addOption(new Option('--status <status>', 'all tasks of this status').choices(statusesOf(action)))
    .option('--type <type>', 'all tasks of this type');
  if (action !== 'cancel')
    command.addOption(failureReasonOption('all tasks that have failed for this reason'));
  return command
    .option('--created-after <instant>', 'all tasks created after it', instant)
    .option('--created-before <instant>', 'all tasks created before it', instant)
    .option('--all', 'all tasks, whatever they are')
    .option('--dry-run', 'only say how many tasks match')
    .option('--yes <number>', 'do it without asking, if no more than so many tasks match', countOf);
}

/** Zero is a number of tasks too. */
const countOf = (text: string): number => (text === '0' ? 0 : wholeNumber(text));

/** The filter that was given; null where there is none. */
export function filterIn(flags: FilterFlags): BulkFilter<Record<string, never>> | null {
  const { status, type, failureReason, createdAfter, createdBefore, all } = flags;
  const conditions = { status, type, failureReason, createdAfter, createdBefore };
  const isNarrowed = Object.values(conditions).some((value) => value !== undefined);
  if (isNarrowed) return conditions;
  return all ? { all } : null;
}
