import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import {
  type Acknowledged,
  ApiError,
  type BulkAction,
  type BulkFilter,
  type BulkPreview,
} from '../../client/index.js';
import { UserError } from '../../core/errors.js';
import { taskIds } from '../arguments.js';
import { plainText } from '../output.js';
import { type Context, EXIT, EXIT_CODES_HELP } from './context.js';
import { addFilterOptions, defineCommand, type FilterFlags, filterIn, running } from './define-command.js';

type Change = (context: Context, id: number) => Promise<Acknowledged>;

type ByIds = (context: Context<FilterFlags>, ids: number[]) => Promise<number>;

/** Applies a change to each task; a refused one does not stop the rest. */
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

const CHANGE_HELP = `
Select tasks by id, or by options that must all match. Tasks selected by options are counted first, and you are
asked to type the number; scripts pass it with --yes.
${EXIT_CODES_HELP}`;

/** Changes tasks given by id or by filter; never both, and never all by mistake. */
const changeSelected =
  (action: BulkAction, byIds: ByIds) =>
  async (context: Context<FilterFlags>, ids: number[]): Promise<number> => {
    const filter = filterIn(context.flags);
    const { dryRun, yes } = context.flags;
    if (ids.length > 0 && (filter || dryRun || yes !== undefined))
      throw new UserError('Select tasks by id or by options, not both.');
    if (ids.length > 0) return byIds(context, ids);
    if (filter) return changeMany(context, action, filter);
    throw new UserError(
      `Select tasks: by id, or by options such as --type; "spoolite help ${action}" has them.`,
    );
  };

const COMMANDS: [BulkAction, string, ByIds][] = [
  [
    'cancel',
    'Cancel tasks; finished ones stay as they are',
    forEach(({ client, signal }, id) => client.cancel(id, { signal })),
  ],
  [
    'retry',
    'Queue finished tasks again, with fresh attempts; by options: failed ones, and cancelled ones only with --failure-reason cancelled',
    forEach(({ client, signal }, id) => client.retry(id, { signal })),
  ],
  ['delete', 'Delete finished tasks, with their logs and results', deleteByIds],
];

/** `cancel`, `retry` and `delete`. */
export function addChangeCommands(program: Command): void {
  for (const [action, description, byIds] of COMMANDS) {
    const command = defineCommand(program, { usage: action, description, help: CHANGE_HELP });
    addFilterOptions(command, action)
      .argument('[ids...]', 'the ids of the tasks', taskIds, [])
      .action(running(changeSelected(action, byIds)));
  }
}

type Filter = BulkFilter<Record<string, never>>;

const WORDS: Record<BulkAction, { phrase(object: string): string; done: string }> = {
  cancel: { phrase: (object) => `cancel ${object}`, done: 'cancelled' },
  retry: { phrase: (object) => `queue ${object} again`, done: 'queued again' },
  delete: { phrase: (object) => `delete ${object}`, done: 'deleted' },
};

/**
 * The number of tasks that may be changed: from `--yes`, else the count once confirmed at the terminal; null for none.
 */
async function confirmed(
  { flags, signal, warn }: Context<FilterFlags>,
  action: BulkAction,
  preview: BulkPreview,
): Promise<number | null> {
  const { yes } = flags;
  const { matched } = preview;
  if (yes !== undefined && matched <= yes) return matched;
  const phrase = WORDS[action].phrase(matched === 1 ? 'it' : 'them');
  const match = matchText(preview);
  if (yes !== undefined) throw new UserError(`${match}, more than ${yes}: nothing was changed.`);
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UserError(`${match}. To ${phrase}, add --yes ${matched}.`);
  const question = `${match}. Type the number to ${phrase}: `;
  if (await confirmCount(question, matched, signal)) return matched;
  warn('The number does not match: nothing was changed.');
  return null;
}

const RUN = { cancel: 'cancelMany', retry: 'retryMany', delete: 'deleteMany' } as const;

/** Changes the tasks, and prints how many, even if it ends early. */
async function change(
  { client, out, signal }: Context<unknown>,
  action: BulkAction,
  filter: Filter,
  matched: number,
): Promise<number> {
  let done = 0;
  const onProgress = (sofar: number) => {
    done = sofar;
  };
  const say = () => out.say({ matched, done }, () => `${tasksText(done)} ${WORDS[action].done}`);
  try {
    await client[RUN[action]](filter, { expected: matched, signal, onProgress });
  } catch (error) {
    if (done > 0) say();
    throw error;
  }
  say();
  return EXIT.ok;
}

/** Counts, confirms, and changes. */
export async function changeMany(
  context: Context<FilterFlags>,
  action: BulkAction,
  filter: Filter,
): Promise<number> {
  const { client, out, flags, signal } = context;
  const preview = await client.previewMany(action, filter, { signal });
  const { matched, byReason: failureReasons, cancelledLeftOut } = preview;
  if (flags.dryRun || matched === 0) {
    out.say({ matched, failureReasons, cancelledLeftOut, done: 0 }, () => matchText(preview));
    return EXIT.ok;
  }
  const count = await confirmed(context, action, preview);
  return count === null ? EXIT.error : change(context, action, filter, count);
}

/** Deletes tasks by id; reports those that are missing or not finished. */
export async function deleteByIds(context: Context<unknown>, named: number[]): Promise<number> {
  const { client, out, signal, warn } = context;
  const ids = [...new Set(named)];
  const done = await client.deleteMany({ ids }, { expected: ids.length, signal });
  const left = done < ids.length ? await client.getMany(ids, { signal }) : [];
  out.say({ matched: done, done }, () => `${tasksText(done)} deleted`);
  for (const { taskId, status } of left) warn(`Task ${taskId} is ${status}: cancel it first.`);
  const missing = ids.length - done - left.length;
  if (missing > 0) warn(`${tasksText(missing)} not found.`);
  return done === ids.length ? EXIT.ok : EXIT.error;
}

export const tasksText = (count: number): string => (count === 1 ? '1 task' : `${count} tasks`);

/** `5 tasks match (3 error, 2 timeout; left out: 4 cancelled (select them with --failure-reason cancelled))`. */
export function matchText({ matched, byReason, cancelledLeftOut }: BulkPreview): string {
  const reasons = Object.entries(byReason ?? {}).map(([reason, count]) => `${count} ${reason}`);
  const leftOut = `not included: ${cancelledLeftOut} cancelled (select them with --failure-reason cancelled)`;
  const notes = [reasons.join(', '), cancelledLeftOut > 0 ? leftOut : ''].filter(Boolean);
  const text = `${tasksText(matched)} ${matched === 1 ? 'matches' : 'match'}`;
  return notes.length === 0 ? text : `${text} (${notes.join('; ')})`;
}

/** Asks to type the number; resolves to whether it was right. Rejects with the signal's reason. */
export async function confirmCount(question: string, count: number, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // readline reads Ctrl-C as a key; pass it on as the usual signal.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    const typed = await terminal.question(question, { signal });
    return typed.trim().replaceAll(/[,. ]/g, '') === String(count);
  } finally {
    terminal.close();
  }
}
