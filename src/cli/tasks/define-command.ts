import type { Command } from 'commander';
import { addOptions, CLIENT_OPTIONS, COMMON_OPTIONS } from '../options.js';
import type { Context } from './context.js';
import { EXIT_CODES_HELP } from './exit-codes.js';
import type { CommonFlags } from './run-command.js';

interface Definition {
  /** The name and its arguments. */
  usage: string;
  description: string;
  /** What its help ends with. */
  help?: string;
}

/** A command about tasks, with what all of them have. */
export function defineCommand(
  program: Command,
  { usage, description, help = EXIT_CODES_HELP }: Definition,
): Command {
  const command = program.command(usage).description(description);
  return addOptions(command, [...CLIENT_OPTIONS, ...COMMON_OPTIONS])
    .option('--json', 'print JSON (so unless standard output is a terminal)')
    .option('--no-json', 'print text for people, wherever it goes')
    .addHelpText('after', help);
}

/** What commander calls: the command's arguments first, then its flags. */
export const running =
  <Flags, Args extends unknown[]>(
    run: (context: Context<Flags>, ...args: Args) => Promise<number | undefined>,
  ) =>
  async (...given: unknown[]): Promise<void> => {
    // Loaded when it is wanted: every server and worker starts from this same command line.
    const { runCommand } = await import('./run-command.js');
    const args = given.slice(0, -2) as Args;
    await runCommand(given.at(-2) as Flags & CommonFlags, (context) => run(context, ...args));
  };
