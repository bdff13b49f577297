import { clearScreenDown, moveCursor } from 'node:readline';
import type { Command } from 'commander';
import { ConnectionError } from '../../client/index.js';
import { pause } from '../../client/pause.js';
import { seconds } from './arguments.js';
import type { Context } from './context.js';
import { defineCommand, running } from './define-command.js';

interface Flags {
  watch?: boolean;
  interval: number;
  types?: boolean;
}

const DEFAULT_INTERVAL = 1;

/** Seconds; 0 would ask without a pause. */
const SHORTEST_INTERVAL = 0.1;

/** Types that are shown. */
const MOST_TYPES = 1000;

/** Says how the queue stands; returns how many lines that took. */
async function tell({ client, out, flags, signal }: Context<Flags>, clear: () => void): Promise<number> {
  const { statsText, typesText } = await import('./stats-text.js');
  let lines = 0;
  const counted = (text: string): string => {
    lines = text.split('\n').length;
    return text;
  };
  if (flags.types) {
    const types = await client.statsByType({ limit: MOST_TYPES, signal });
    clear();
    out.sayAll(types, () => counted(types.length === 0 ? 'No tasks.' : typesText(types, out)));
  } else {
    const stats = await client.stats({ signal });
    // For people only; a server of an older version does not know it.
    const due = out.isJson ? null : await client.dueStats({ signal }).catch(() => null);
    clear();
    out.say(stats, () => counted(statsText(stats, due, out)));
  }
  return lines;
}

/** Draws over what was drawn before, also while the server is away for a while. */
async function watch(context: Context<Flags>): Promise<never> {
  const { flags, signal, warn } = context;
  let lines = await tell(context, () => undefined);
  let isAway = false;
  for (;;) {
    await pause(Math.max(flags.interval, SHORTEST_INTERVAL) * 1000, signal);
    const clear = () => {
      if (lines === 0 || isAway) return;
      moveCursor(process.stdout, 0, -lines);
      clearScreenDown(process.stdout);
    };
    try {
      lines = await tell(context, clear);
      isAway = false;
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (!isAway) warn(`${error.message}; trying again.`);
      isAway = true;
    }
  }
}

async function stats(context: Context<Flags>): Promise<undefined> {
  if (context.flags.watch) await watch(context);
  await tell(context, () => undefined);
}

export function addStatsCommand(program: Command): void {
  defineCommand(program, { usage: 'stats', description: 'Show the queue in numbers' })
    .option('-w, --watch', 'again and again')
    .option(
      '--interval <seconds>',
      `how often, with --watch (${DEFAULT_INTERVAL})`,
      seconds,
      DEFAULT_INTERVAL,
    )
    .option('--types', 'by type of task')
    .action(running(stats));
}
