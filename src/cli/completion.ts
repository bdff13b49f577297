import { Argument, type Command, type Option } from 'commander';

const HELP = `
Add one of these lines to your shell's startup file, and open a new shell:
  eval "$(spoolite completion bash)"          in ~/.bashrc
  eval "$(spoolite completion zsh)"           in ~/.zshrc, after compinit
  spoolite completion fish | source           in ~/.config/fish/config.fish`;

/** `completion` prints a shell's script; `complete` is called by that script. */
export function addCompletionCommands(program: Command): void {
  const shells = Object.keys(COMPLETION_SCRIPTS) as (keyof typeof COMPLETION_SCRIPTS)[];
  program
    .command('completion')
    .description('Print a script that makes your shell complete commands and options')
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

const visibleNames = (command: Command): string[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name());

const optionsOf = (command: Command): Option[] => command.createHelp().visibleOptions(command) as Option[];

/** The choices of an option's value; empty if any value is allowed, null if it takes none. */
function valuesOf(command: Command, flag: string | undefined): readonly string[] | null {
  if (flag === undefined) return null;
  const option = optionsOf(command).find(({ long, short }) => flag === long || flag === short);
  return option && (option.required || option.optional) ? (option.argChoices ?? []) : null;
}

/** The argument at the position of the last word. */
function argumentAt(command: Command, words: readonly string[]): Argument | undefined {
  const before = words.slice(0, -1).filter((word, at) => {
    const isValue = valuesOf(command, words[at - 1]) !== null;
    return !word.startsWith('-') && !isValue;
  });
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[before.length] ?? (last?.variadic ? last : undefined);
}

function candidates(program: Command, words: readonly string[]): readonly string[] {
  const [name, ...rest] = words;
  if (name === undefined || rest.length === 0) {
    return [...visibleNames(program), ...optionsOf(program).map(({ long }) => long ?? '')];
  }
  if (name === 'help') return visibleNames(program);
  const command = program.commands.find((one) => one.name() === name);
  if (!command) return [];
  const values = valuesOf(command, rest.at(-2));
  if (values) return values;
  if (rest.at(-1)?.startsWith('-')) return optionsOf(command).map(({ long }) => long ?? '');
  return argumentAt(command, rest)?.argChoices ?? [];
}

/** Completions of the last of the words after the program's name; it may be partial or empty. */
export function suggestions(program: Command, words: readonly string[]): string[] {
  const prefix = words.at(-1) ?? '';
  const found = candidates(program, words).filter((word) => word !== '' && word.startsWith(prefix));
  // Options are many, so they are offered only after a dash.
  return prefix === '' ? found.filter((word) => !word.startsWith('-')) : found;
}

/** Words are passed unevaluated: unfinished input must not be executed. */
const BASH = `
_spoolite() {
  local IFS=$'\\n'
  COMPREPLY=($(spoolite complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _spoolite spoolite
`;

const ZSH = `
#compdef spoolite
_spoolite() {
  local -a found
  found=(\${(f)"$(spoolite complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  if (( $#found )); then compadd -a found; else _files; fi
}
compdef _spoolite spoolite
`;

const FISH = `
function __spoolite_complete
    set -l words (commandline -opc)
    set -e words[1]
    spoolite complete -- $words (commandline -ct) 2>/dev/null
end
complete -c spoolite -a '(__spoolite_complete)'
`;

/** The scripts that complete the program's commands and options, by shell. */
export const COMPLETION_SCRIPTS = Object.freeze({
  bash: BASH.trimStart(),
  zsh: ZSH.trimStart(),
  fish: FISH.trimStart(),
});
