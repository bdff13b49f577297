import type { ChalkInstance } from 'chalk';
import type { Command } from 'commander';
import type { Task } from '../../domain/task.js';
import type { TaskStatus } from '../../domain/task-status.js';
import { wholeNumber } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { statusOption } from './list-command.js';
import type { Output } from './output.js';
import { paintedStatus } from './painted-status.js';
import { plainText } from './plain-text.js';
import { toResource } from './to-resource.js';

interface Flags {
  status?: TaskStatus;
  type?: string;
  cursor?: string;
  limit?: number;
}

const HELP = `
As JSON each line is {"cursor": "…", "task": {…}}; --cursor with the last one goes on where this has ended, and misses
nothing. It outlives restarts of the server, and runs until Ctrl-C unless --limit says when it has had enough.

Exit codes: 0 --limit is reached; 1 wrong usage, no server, or refused by it; 130 Ctrl-C.`;

function line(task: Task, paint: ChalkInstance): string {
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

const say = (out: Output, task: Task, cursor: string): void =>
  out.say({ cursor, task: toResource(task) }, (paint) => line(task, paint));

async function tail({ client, out, flags, signal, warn }: Context<Flags>): Promise<undefined> {
  const { status, type, limit = Number.POSITIVE_INFINITY } = flags;
  // Where there is no server at all, its user learns so at once.
  const { cursor } = await client.changes({ cursor: flags.cursor ?? 'now', limit: 1, signal });
  const onConnection = (isConnected: boolean) => {
    if (!isConnected) warn('The connection is lost; trying again.');
  };
  const from = flags.cursor ?? cursor;
  let told = 0;
  for await (const event of client.events({ cursor: from, status, type, signal, onConnection })) {
    say(out, event.task, event.cursor);
    if (++told >= limit) break;
  }
}

export function addTailCommand(program: Command): void {
  defineCommand(program, {
    usage: 'tail',
    description: 'Show every change of any task, as it comes',
    help: HELP,
  })
    .addOption(statusOption())
    .option('--type <type>', 'only tasks of this type')
    .option('--cursor <text>', 'go on from here (from now on)')
    .option('--limit <number>', 'end after so many (never)', wholeNumber)
    .action(running(tail));
}
