import { Command } from 'commander';
import { VERSION } from '../version.js';
import { addStartCommands } from './start-commands.js';
import { addTortureCommand } from './torture-command.js';

/** The command line of `spoolite`. */
export function createProgram(): Command {
  const program = new Command('spoolite')
    .description('A durable task queue in one SQLite file, with an HTTP API made for polling.')
    .version(VERSION)
    .showHelpAfterError('(add --help for the options)')
    .addHelpText(
      'after',
      '\nAn option with a name in brackets can also be set in the environment, under that name.',
    );
  addStartCommands(program);
  addTortureCommand(program);
  return program;
}
