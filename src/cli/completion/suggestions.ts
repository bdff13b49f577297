import type { Argument, Command, Option } from 'commander';

const visibleNames = (command: Command): string[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((one) => one.name());

const optionsOf = (command: Command): Option[] => command.createHelp().visibleOptions(command) as Option[];

/** What can follow an option; none where that is free, and null where it takes no value. */
function valuesOf(command: Command, flag: string | undefined): readonly string[] | null {
  if (flag === undefined) return null;
  const option = optionsOf(command).find(({ long, short }) => flag === long || flag === short);
  return option && (option.required || option.optional) ? (option.argChoices ?? []) : null;
}

/** The argument that the last of these words is. */
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

/** What a shell may offer for the last of the words that follow the program's name, which may be begun or empty. */
export function suggestions(program: Command, words: readonly string[]): string[] {
  const begun = words.at(-1) ?? '';
  const found = candidates(program, words).filter((word) => word !== '' && word.startsWith(begun));
  // Options are many, and only of interest to who has begun one.
  return begun === '' ? found.filter((word) => !word.startsWith('-')) : found;
}
