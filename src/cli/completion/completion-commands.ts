import { Argument, type Command } from 'commander';
import { COMPLETION_SCRIPTS } from './scripts.js';
import { suggestions } from './suggestions.js';

const HELP = `
Put one of these lines into your shell's start file, and open a new shell:
  eval "$(spoolite completion bash)"          in ~/.bashrc
  eval "$(spoolite completion zsh)"           in ~/.zshrc, after compinit
  spoolite completion fish | source           in ~/.config/fish/config.fish`;

/** `completion`, which prints a shell's script, and `complete`, which that script asks. */
export function addCompletionCommands(program: Command): void {
  const shells = Object.keys(COMPLETION_SCRIPTS) as (keyof typeof COMPLETION_SCRIPTS)[];
  program
    .command('completion')
    .description('Print what makes your shell complete commands and options')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText('after', HELP)
    .action((shell: keyof typeof COMPLETION_SCRIPTS) => {
      process.stdout.write(COMPLETION_SCRIPTS[shell]);
    });
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => {
      for (const word of suggestions(program, words)) process.stdout.write(`${word}\n`);
    });
}
