import { Command } from 'commander';
import { VERSION } from '../version.js';
import { addStartCommands } from './start-commands.js';

/** The command line of `spoolite`. */
export function createProgram(): Command {
  const program = new Command('spoolite')
    .description('A durable task queue in one SQLite file, with an HTTP API made for polling.')
    .version(VERSION)
    .showHelpAfterError('(add --help for the options)')
    .addHelpText(
      'after',
      '\nEvery option can also be set in the environment, under the name shown in brackets.',
    );
  addStartCommands(program);
  return program;
}
