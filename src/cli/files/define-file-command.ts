import type { Command } from 'commander';
import { DEFAULT_DATABASE } from '../../config.js';
import { addOptions, COMMON_OPTIONS, describeOption } from '../options.js';

/** A command about the database file, with what all of them have. */
export function defineFileCommand(program: Command, usage: string, description: string): Command {
  const { flag, variable } = describeOption('database');
  const command = program
    .command(usage)
    .description(description)
    // The commands that run make the file where it is not there; these do not.
    .option(flag, `the SQLite file (${DEFAULT_DATABASE}) [${variable}]`);
  return addOptions(command, COMMON_OPTIONS);
}
