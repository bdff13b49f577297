import { type Command, Option } from 'commander';
import type { Task } from '../../domain/task.js';
import { type FailureReason, TASK_STATUSES, type TaskStatus } from '../../domain/task-status.js';
import { wholeNumber } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { failureReasonOption } from './filter-options.js';

interface Flags {
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  limit: number;
}

/** Most tasks of one page. */
const PAGE = 1000;

const DEFAULT_LIMIT = 20;

async function list({ client, out, flags, signal }: Context<Flags>): Promise<undefined> {
  const { status, type, failureReason, limit } = flags;
  const tasks: Task[] = [];
  const query = { status, type, failureReason, limit: Math.min(limit, PAGE), signal };
  for await (const task of client.list(query)) {
    tasks.push(task);
    if (tasks.length === limit) break;
  }
  const { taskTable } = await import('./task-table.js');
  out.sayAll(tasks, () => (tasks.length === 0 ? 'No tasks.' : taskTable(tasks, out, Date.now())));
}

/** Of the commands that tell of many tasks. */
export const statusOption = (): Option =>
  new Option('--status <status>', 'only tasks of this status').choices(TASK_STATUSES);

export function addListCommand(program: Command): void {
  defineCommand(program, { usage: 'list', description: 'List tasks, newest first' })
    .addOption(statusOption())
    .option('--type <type>', 'only tasks of this type')
    .addOption(failureReasonOption('only tasks that have failed for this reason'))
    .option('--limit <number>', `how many at most (${DEFAULT_LIMIT})`, wholeNumber, DEFAULT_LIMIT)
    .action(running(list));
}
