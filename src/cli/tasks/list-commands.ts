import type { ChalkInstance } from 'chalk';
import { type Command, Option } from 'commander';
import type { LogEntry } from '../../client/index.js';
import { type FailureReason, TASK_STATUSES, type Task, type TaskStatus } from '../../core/task.js';
import { LOG_LEVELS, type LogLevel } from '../../core/task-log.js';
import { taskId, wholeNumber } from '../arguments.js';
import { type Output, paintedStatus, plainText, toResource } from '../output.js';
import type { Context } from './context.js';
import { defineCommand, failureReasonOption, running } from './define-command.js';

interface ListFlags {
  status?: TaskStatus;
  type?: string;
  failureReason?: FailureReason;
  limit: number;
}

/** Page size of requests. */
const PAGE = 1000;

const DEFAULT_LIMIT = 20;

async function list({ client, out, flags, signal }: Context<ListFlags>): Promise<undefined> {
  const { status, type, failureReason, limit } = flags;
  const tasks: Task[] = [];
  const query = { status, type, failureReason, limit: Math.min(limit, PAGE), signal };
  for await (const task of client.list(query)) {
    tasks.push(task);
    if (tasks.length === limit) break;
  }
  const { taskTable } = await import('../tables.js');
  out.sayAll(tasks, () => (tasks.length === 0 ? 'No tasks.' : taskTable(tasks, out, Date.now())));
}

/** For commands on many tasks. */
export const statusOption = (): Option =>
  new Option('--status <status>', 'only tasks with this status').choices(TASK_STATUSES);

export function addListCommand(program: Command): void {
  defineCommand(program, { usage: 'list', description: 'List tasks, newest first' })
    .addOption(statusOption())
    .option('--type <type>', 'only tasks of this type')
    .addOption(failureReasonOption('only tasks that failed for this reason'))
    .option('--limit <number>', `how many at most (${DEFAULT_LIMIT})`, wholeNumber, DEFAULT_LIMIT)
    .action(running(list));
}

interface TailFlags {
  status?: TaskStatus;
  type?: string;
  cursor?: string;
  limit?: number;
}

const TAIL_HELP = `
As JSON each line is {"cursor": "…", "task": {…}}; --cursor with the last one resumes where this run ended, without
missing a change. It survives restarts of the server, and runs until Ctrl-C or until --limit is reached.

Exit codes: 0 --limit is reached; 1 wrong usage, no server, or refused by it; 130 Ctrl-C.`;

function changeLine(task: Task, paint: ChalkInstance): string {
  const { taskId, type, updatedAt, progress, errorMessage, progressMessage } = task;
  return [
    paint.dim(updatedAt.toISOString()),
    paint.bold(`#${taskId}`),
    plainText(type),
    paintedStatus(task, paint),
    progress === null ? '' : `${Math.floor(progress)} %`,
    plainText(errorMessage ?? progressMessage ?? ''),
  ]
    .filter(Boolean)
    .join('  ');
}

const printChange = (out: Output, task: Task, cursor: string): void =>
  out.say({ cursor, task: toResource(task) }, (paint) => changeLine(task, paint));

async function tail({ client, out, flags, signal, warn }: Context<TailFlags>): Promise<undefined> {
  const { status, type, limit = Number.POSITIVE_INFINITY } = flags;
  // Fails at once if there is no server at all.
  const { cursor } = await client.changes({ cursor: flags.cursor ?? 'now', limit: 1, signal });
  const onConnection = (isConnected: boolean) => {
    if (!isConnected) warn('Connection lost; retrying.');
  };
  const from = flags.cursor ?? cursor;
  let printed = 0;
  for await (const event of client.events({ cursor: from, status, type, signal, onConnection })) {
    printChange(out, event.task, event.cursor);
    if (++printed >= limit) break;
  }
}

export function addTailCommand(program: Command): void {
  defineCommand(program, {
    usage: 'tail',
    description: 'Show changes of all tasks as they happen',
    help: TAIL_HELP,
  })
    .addOption(statusOption())
    .option('--type <type>', 'only tasks of this type')
    .option('--cursor <text>', 'resume from this cursor (from now on)')
    .option('--limit <number>', 'exit after this many changes (never)', wholeNumber)
    .action(running(tail));
}

const LEVEL_COLOURS = { debug: 'gray', info: 'cyan', warning: 'yellow', error: 'red' } as const;

async function logs(
  { client, out, flags, signal }: Context<{ level?: LogLevel }>,
  id: number,
): Promise<undefined> {
  const entries: LogEntry[] = [];
  for await (const entry of client.logs(id, { level: flags.level, signal })) entries.push(entry);
  out.sayAll(entries, (paint) =>
    entries.length === 0
      ? 'No entries.'
      : entries
          .map(({ at, level, message, details }) => {
            const error = errorLines(details);
            const line = [
              paint.dim(at.toISOString()),
              paint[LEVEL_COLOURS[level]](level.padEnd(7)),
              plainText(message),
              details === null || error ? '' : paint.dim(plainText(JSON.stringify(details))),
            ];
            return [line.join('  ').trimEnd(), ...(error ?? []).map((text) => paint.dim(text))].join('\n');
          })
          .join('\n'),
  );
}

export function addLogsCommand(program: Command): void {
  defineCommand(program, { usage: 'logs', description: 'Show what happened to a task, oldest first' })
    .argument('<id>', 'the id of the task', taskId)
    .addOption(new Option('--level <level>', 'only entries at this level').choices(LOG_LEVELS))
    .action(running(logs));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MARGIN = '    ';

/** A stored error, one line per part: its stack, then its causes, each indented further. */
function linesOf(error: unknown, margin: string, lead: string): string[] {
  if (!isObject(error)) return [];
  const { name, message, code, stack, cause, errors, thrown, value } = error;
  if (thrown !== undefined) return [`${margin}${lead}${plainText(`${thrown} ${value}`)}`];
  const text = typeof stack === 'string' ? stack : `${name}: ${message}`;
  const [first = '', ...rest] = text.split('\n').map((line) => plainText(line.trim()));
  return [
    `${margin}${lead}${first}${code === undefined ? '' : ` [${plainText(String(code))}]`}`,
    ...rest.map((line) => `${margin}  ${line}`),
    ...linesOf(cause, `${margin}  `, 'caused by: '),
    ...(Array.isArray(errors) ? errors.flatMap((one) => linesOf(one, `${margin}  `, 'one of: ')) : []),
  ];
}

/** The error in the details of a log entry, as lines below the entry; null for other details. */
export function errorLines(details: unknown): string[] | null {
  const lines = isObject(details) ? linesOf(details.error, MARGIN, '') : [];
  return lines.length > 0 ? lines : null;
}
