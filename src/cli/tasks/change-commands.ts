import type { Command } from 'commander';
import { type Acknowledged, ApiError } from '../../client/index.js';
import { taskIds } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { EXIT } from './exit-codes.js';
import { plainText } from './plain-text.js';

type Change = (context: Context, id: number) => Promise<Acknowledged>;

/** Does it to each task; one that is refused does not keep the others from it. */
const forEach =
  (change: Change) =>
  async (context: Context, ids: number[]): Promise<number> => {
    let code: number = EXIT.ok;
    for (const id of ids) {
      try {
        const answer = await change(context, id);
        context.out.say(answer, (paint) => `${paint.bold(`Task ${id}`)}: ${answer.message}`);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        context.warn(
          plainText(error.code === 'TASK_NOT_FOUND' ? error.message : `Task ${id}: ${error.message}`),
        );
        code = EXIT.error;
      }
    }
    return code;
  };

/** `cancel` and `retry`. */
export function addChangeCommands(program: Command): void {
  defineCommand(program, { usage: 'cancel', description: 'Cancel tasks; one that is done stays as it is' })
    .argument('<ids...>', 'the numbers of the tasks', taskIds)
    .action(running(forEach(({ client, signal }, id) => client.cancel(id, { signal }))));
  defineCommand(program, { usage: 'retry', description: 'Queue finished tasks again, with fresh attempts' })
    .argument('<ids...>', 'the numbers of the tasks', taskIds)
    .action(running(forEach(({ client, signal }, id) => client.retry(id, { signal }))));
}
