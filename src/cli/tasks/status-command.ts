import type { Command } from 'commander';
import type { Task } from '../../domain/task.js';
import { taskId } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { OUTCOME_HELP } from './exit-codes.js';
import { outcome } from './outcome.js';
import { unservedNote } from './unserved-note.js';

const HELP = `
With --watch it follows the task to its end: on a terminal as a progress bar, else as a line of JSON for each state.
Exit codes without --watch: 0, whatever the status; 1 wrong usage, no server, or no such task. With it:
${OUTCOME_HELP.trimStart()}`;

/** The last state, however it is shown meanwhile. */
async function follow({ client, out, signal }: Context, id: number): Promise<Task | undefined> {
  const { ProgressBar } = await import('./progress-bar.js');
  const bar = out.isJson ? null : new ProgressBar(out.paint);
  let last: Task | undefined;
  try {
    for await (const task of client.watch(id, { signal })) {
      if (bar) bar.show(task);
      else out.say(task, () => '');
      last = task;
    }
    return last;
  } finally {
    bar?.end();
  }
}

async function status(context: Context<{ watch?: boolean }>, id: number): Promise<number | undefined> {
  const { client, out, flags, signal, warn } = context;
  const { taskDetails } = await import('./task-details.js');
  // Also before watching: who asks for a task that is not there, or of nobody, learns so at once.
  const task = await client.get(id, { signal });
  const obstacle = task.status === 'queued' ? await unservedNote(context, task) : null;
  if (!flags.watch) {
    out.say(task, (paint) => taskDetails(task, paint, Date.now(), obstacle));
    return undefined;
  }
  if (obstacle) warn(obstacle);
  const last = (await follow(context, id)) ?? task;
  if (!out.isJson) out.write(taskDetails(last, out.paint, Date.now()));
  return outcome(last);
}

export function addStatusCommand(program: Command): void {
  defineCommand(program, { usage: 'status', description: 'Show a task', help: HELP })
    .argument('<id>', 'the number of the task', taskId)
    .option('-w, --watch', 'follow it to its end')
    .action(running(status));
}
