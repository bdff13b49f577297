import type { Command } from 'commander';
import { DEFAULT_DATABASE } from '../../config.js';
import { describeOption } from '../options.js';

/** A command about the database file, with what all of them have. */
export function defineFileCommand(program: Command, usage: string, description: string): Command {
  const { flag, variable } = describeOption('database');
  return program
    .command(usage)
    .description(description)
    .option(flag, `the SQLite file (${DEFAULT_DATABASE}) [${variable}]`);
}
