import type { BulkAction, BulkFilter, BulkPreview } from '../../client/index.js';
import { StartupError } from '../../domain/startup-error.js';
import { confirmCount } from './confirm-count.js';
import type { Context } from './context.js';
import { EXIT } from './exit-codes.js';
import type { FilterFlags } from './filter-options.js';
import { matchText, tasksText } from './match-text.js';

type Filter = BulkFilter<Record<string, never>>;

const WORDS: Record<BulkAction, { doTo(them: string): string; done: string }> = {
  cancel: { doTo: (them) => `cancel ${them}`, done: 'cancelled' },
  retry: { doTo: (them) => `queue ${them} again`, done: 'queued again' },
  delete: { doTo: (them) => `delete ${them}`, done: 'deleted' },
};

/** How many tasks may be changed: what `--yes` says, else what was counted and a person has confirmed; null for none. */
async function confirmed(
  { flags, signal, warn }: Context<FilterFlags>,
  action: BulkAction,
  preview: BulkPreview,
): Promise<number | null> {
  const { yes } = flags;
  const { matched } = preview;
  if (yes !== undefined && matched <= yes) return matched;
  const doTo = WORDS[action].doTo(matched === 1 ? 'it' : 'them');
  const match = matchText(preview);
  if (yes !== undefined) throw new StartupError(`${match}, more than ${yes}: nothing was changed.`);
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new StartupError(`${match}. To ${doTo}, add --yes ${matched}.`);
  const question = `${match}. Type the number to ${doTo}: `;
  if (await confirmCount(question, matched, signal)) return matched;
  warn('That is not the number: nothing was changed.');
  return null;
}

const RUN = { cancel: 'cancelMany', retry: 'retryMany', delete: 'deleteMany' } as const;

/** Changes them, and says how many that were, also when it ends before all is done. */
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

/** Counts, has it confirmed, and does it. */
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
