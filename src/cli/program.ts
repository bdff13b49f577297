import { Command } from 'commander';
import { packageVersion } from '../domain/package-files.js';
import { addCompletionCommands } from './completion/completion-commands.js';
import { addConfigCommand } from './config-command.js';
import { addFileCommands } from './files/file-commands.js';
import { addStartCommands } from './start-commands.js';
import { addTaskCommands } from './tasks/task-commands.js';
import { addTortureCommand } from './torture-command.js';

const EXAMPLES = `
Examples:
  spoolite dev                                  try it out, with the example handlers
  spoolite serve --port 8080 --database q.db    a server alone
  spoolite work --handlers ./handlers.js --database q.db
  spoolite enqueue countdown '{"seconds":5}'    enqueue a task
  spoolite status 1 --watch                     follow it
  spoolite torture                              see for yourself that nothing is lost

Say "spoolite help <command>" for a command's options. One with a variable in brackets can also be set in
the environment or in spoolite.config.json or .yaml; a flag wins, then the environment.`;

/** The command line of `spoolite`. */
export function createProgram(): Command {
  const program = new Command('spoolite')
    .description('A durable task queue in one SQLite file, with an HTTP API made for polling.')
    .version(packageVersion())
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', EXAMPLES);
  program.commandsGroup('Servers and workers:');
  addStartCommands(program);
  program.commandsGroup('Tasks, over HTTP:');
  addTaskCommands(program);
  program.commandsGroup('The database file:');
  addFileCommands(program);
  program.commandsGroup('Also:');
  addConfigCommand(program);
  addTortureCommand(program);
  addCompletionCommands(program);
  return program;
}
