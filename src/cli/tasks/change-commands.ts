import type { Command } from 'commander';
import { type Acknowledged, ApiError, type BulkAction } from '../../client/index.js';
import { StartupError } from '../../domain/startup-error.js';
import { taskIds } from './arguments.js';
import { changeMany } from './change-many.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';
import { deleteByIds } from './delete-by-ids.js';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { addFilterOptions, type FilterFlags, filterIn } from './filter-options.js';
import { plainText } from './plain-text.js';

type Change = (context: Context, id: number) => Promise<Acknowledged>;

type ByIds = (context: Context<FilterFlags>, ids: number[]) => Promise<number>;

/** Does it to each task; one that is refused does not keep the others from it. */
const forEach =
  (change: Change): ByIds =>
  async (context, ids) => {
    let code: number = EXIT.ok;
    for (const id of ids) {
      try {
        const answer = await change(context, id);
        context.out.say(answer, (paint) => `${paint.bold(`Task ${id}`)}: ${plainText(answer.message)}`);
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

const HELP = `
Either name tasks by their numbers, or choose them by options: those for which all of it is true. What is chosen by
options is counted first, and you are asked to type the number; scripts say it with --yes.
${EXIT_CODES_HELP}`;

/** To tasks that are named, or to those that a filter chooses; never to both, and never to all by mistake. */
const toNamedOrChosen =
  (action: BulkAction, byIds: ByIds) =>
  async (context: Context<FilterFlags>, ids: number[]): Promise<number> => {
    const filter = filterIn(context.flags);
    const { dryRun, yes } = context.flags;
    if (ids.length > 0 && (filter || dryRun || yes !== undefined))
      throw new StartupError('Name tasks by their numbers, or choose them by options: not both.');
    if (ids.length > 0) return byIds(context, ids);
    if (filter) return changeMany(context, action, filter);
    throw new StartupError(
      `Say which tasks: by their numbers, or by options such as --type; "spoolite help ${action}" has them.`,
    );
  };

const COMMANDS: [BulkAction, string, ByIds][] = [
  [
    'cancel',
    'Cancel tasks; one that is done stays as it is',
    forEach(({ client, signal }, id) => client.cancel(id, { signal })),
  ],
  [
    'retry',
    'Queue finished tasks again, with fresh attempts; chosen by options: failed ones, but no cancelled ones unless --failure-reason says so',
    forEach(({ client, signal }, id) => client.retry(id, { signal })),
  ],
  ['delete', 'Delete finished tasks, with their logs and results', deleteByIds],
];

/** `cancel`, `retry` and `delete`. */
export function addChangeCommands(program: Command): void {
  for (const [action, description, byIds] of COMMANDS) {
    const command = defineCommand(program, { usage: action, description, help: HELP });
    addFilterOptions(command, action)
      .argument('[ids...]', 'the numbers of the tasks', taskIds, [])
      .action(running(toNamedOrChosen(action, byIds)));
  }
}
