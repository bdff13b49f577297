import { Chalk } from 'chalk';
import { createClient } from '../../client/index.js';
import { readClientConfig } from '../../config.js';
import type { Context } from './context.js';
import { EXIT } from './exit-codes.js';
import { explain } from './explain.js';
import { Output } from './output.js';

/** Without a terminal to measure. */
const COLUMNS = 120;

export interface CommonFlags {
  url?: string;
  key?: string;
  config?: string;
  json?: boolean;
}

/** One command about tasks: resolves to its exit code, or to nothing when all went well. */
export type Run<Flags> = (context: Context<Flags>) => Promise<number | undefined>;

const warn = (text: string): void => console.error(`spoolite: ${text}`);

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated };

/**
 * A signal to the process ends what is under way, so that the terminal is left in order; a second one ends at once. The
 * reason is the exit code.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS)) process.once(name, () => controller.abort(code));
  return controller.signal;
}

/** Runs a command and sets the exit code of the program. */
export async function runCommand<Flags extends CommonFlags>(flags: Flags, run: Run<Flags>): Promise<void> {
  const { url, key, color } = await readClientConfig(flags);
  const { isTTY = false, columns = COLUMNS } = process.stdout;
  const paint = new Chalk({ level: isTTY && color ? 1 : 0 });
  const out = new Output({ json: flags.json ?? !isTTY, paint, columns });
  // A person who typed a command would rather know than wait; those that keep running have a patience of their own.
  const client = createClient({ url, ...(key && { key }), retries: 0 });
  const signal = interruption();
  try {
    process.exitCode = (await run({ client, out, flags, signal, warn })) ?? EXIT.ok;
  } catch (error) {
    process.exitCode = signal.aborted ? signal.reason : EXIT.error;
    if (signal.aborted) return;
    const text = explain(error, url);
    if (text === null) throw error;
    warn(text);
  }
}
