import type { Command } from 'commander';
import { type Config, GROUPS, OPTIONS } from '../config/options.js';
import { flagOf, variableOf } from '../config/read-config.js';

/** All that help texts and documentation say of an option. */
export interface OptionHelp {
  /** With its placeholder: `--port <number>`. */
  flag: string;
  variable: string;
  text: string;
  /** What holds when it is not set; undefined for a switch. */
  unset: string | undefined;
}

const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The one source of an option's description, in help texts and in docs/options.md. */
export function describeOption(name: keyof Config): OptionHelp {
  const { value, text, unset, default: byDefault } = OPTIONS[name];
  return {
    flag: value === undefined ? flagOf(name) : `${flagOf(name)} <${value}>`,
    variable: variableOf(name),
    text,
    unset: value === undefined ? undefined : (unset ?? shown(byDefault)),
  };
}

export type Group = keyof typeof GROUPS;

/** The names of the options in these groups, each once. */
export const optionsIn = (...groups: readonly Group[]): (keyof Config)[] => [
  ...new Set(groups.flatMap((group) => Object.keys(GROUPS[group]) as (keyof Config)[])),
];

/** Adds options to a command. Defaults are left to the configuration, which knows the environment too. */
export function addOptions(command: Command, ...groups: readonly Group[]): Command {
  for (const name of optionsIn(...groups)) {
    const { flag, text, unset, variable } = describeOption(name);
    command.option(flag, `${text}${unset === undefined ? '' : ` (${unset})`} [${variable}]`);
  }
  return command;
}
