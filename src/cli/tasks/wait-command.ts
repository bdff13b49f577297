import type { Command } from 'commander';
import { TaskFailed, WaitTimeout } from '../../client/index.js';
import type { Task } from '../../domain/task.js';
import { seconds, taskIds } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { EXIT, OUTCOME_HELP } from './exit-codes.js';
import { outcome } from './outcome.js';
import { paintedStatus } from './painted-status.js';
import { plainText } from './plain-text.js';

/** Which exit code counts, of several. */
const WORST_FIRST = [EXIT.timeout, EXIT.failed, EXIT.cancelled];

function tell({ out }: Context, task: Task): void {
  out.say(task, (paint) => {
    const news = task.errorMessage ?? (task.result === null ? '' : JSON.stringify(task.result));
    return `${paint.bold(`Task ${task.taskId}`)} ${paintedStatus(task, paint)}  ${plainText(news)}`.trimEnd();
  });
}

/** Waits for one task; says how it ended, and returns the exit code for that. */
async function waitForOne(context: Context<{ timeout?: number }>, id: number): Promise<number> {
  const { client, flags, signal, warn } = context;
  const timeout = flags.timeout === undefined ? undefined : flags.timeout * 1000;
  try {
    tell(context, await client.waitFor(id, { timeout, signal }));
    return EXIT.ok;
  } catch (error) {
    if (error instanceof TaskFailed) {
      tell(context, error.task);
      return outcome(error.task);
    }
    if (!(error instanceof WaitTimeout)) throw error;
    warn(`Task ${id} was not done within ${flags.timeout} s.`);
    return EXIT.timeout;
  }
}

async function wait(context: Context<{ timeout?: number }>, ids: number[]): Promise<number> {
  // Who waits for a task that is not there, or of nobody, learns so at once.
  for (const id of ids) await context.client.get(id, { signal: context.signal });
  const codes = await Promise.all(ids.map((id) => waitForOne(context, id)));
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.ok;
}

export function addWaitCommand(program: Command): void {
  defineCommand(program, { usage: 'wait', description: 'Wait until tasks are done', help: OUTCOME_HELP })
    .argument('<ids...>', 'the numbers of the tasks', taskIds)
    .option('--timeout <seconds>', 'how long at most (without end)', seconds)
    .action(running(wait));
}
