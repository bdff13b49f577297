import { Command } from 'commander';
import type { Flags } from '../config/read-config.js';
import { packageVersion } from '../core/paths.js';
import { addCompletionCommands } from './completion.js';
import { addFileCommands } from './database/commands.js';
import { addOptions, type Group } from './options.js';
import { ignoreFailedOutput } from './output.js';
import { addChangeCommands } from './tasks/change-commands.js';
import { addListCommand, addLogsCommand, addTailCommand } from './tasks/list-commands.js';
import { addAuditCommand, addStatsCommand, addWorkersCommand } from './tasks/overview-commands.js';
import { addEnqueueCommand, addStatusCommand, addWaitCommand } from './tasks/task-commands.js';

const EXAMPLES = `
Examples:
  spoolite dev                                  try it out, with the example handlers
  spoolite serve --port 8080 --database q.db    a server alone
  spoolite work --handlers ./handlers.js --database q.db
  spoolite enqueue countdown '{"seconds":5}'    enqueue a task
  spoolite status 1 --watch                     follow it
  spoolite torture                              kill processes at random and check that nothing is lost

Run "spoolite help <command>" for a command's options. Those with a variable in brackets can also be set in
the environment or in spoolite.config.json or .yaml; a flag wins, then the environment.`;

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
  program.commandsGroup('Other:');
  addConfigCommand(program);
  addTortureCommand(program);
  addCompletionCommands(program);
  return program;
}

/** `dev`, `serve` and `work`: the commands that keep running. */
export function addStartCommands(program: Command): void {
  const add = (name: 'dev' | 'serve' | 'work', description: string, ...groups: Group[]) =>
    addOptions(program.command(name).description(description), ...groups).action(async (flags: Flags) => {
      // Loaded on demand: client commands must not wait for the server's modules.
      const { [name]: run } = await import('./start.js');
      ignoreFailedOutput();
      // A handler that ignores its signal must not keep the process running.
      process.exit(await run(flags));
    });
  const trial = 'Start a server with a worker inside; runs the example handlers unless --handlers is given';
  add('dev', trial, 'common', 'storage', 'server', 'worker');
  add('serve', 'Start a server; workers run elsewhere', 'common', 'storage', 'server', 'serve');
  add('work', 'Start a worker on the database file', 'common', 'storage', 'worker');
}

/** The commands on tasks, over HTTP. */
export function addTaskCommands(program: Command): void {
  addEnqueueCommand(program);
  addStatusCommand(program);
  addWaitCommand(program);
  addListCommand(program);
  addLogsCommand(program);
  addChangeCommands(program);
  addStatsCommand(program);
  addWorkersCommand(program);
  addTailCommand(program);
  addAuditCommand(program);
}

const CONFIG_HELP = `
Each value comes from a flag, else the environment, else the settings file, else it is the default. It accepts
the flags of "dev", "serve" and "work". Settings files use the names shown here, such as leaseSeconds.`;

/** `config`: the effective settings of the other commands, and their sources. */
export function addConfigCommand(program: Command): void {
  const command = program.command('config').description('Print the effective settings and their sources');
  addOptions(command, 'common', 'storage', 'server', 'serve', 'worker', 'client')
    .option('--json', 'print JSON')
    .addHelpText('after', CONFIG_HELP)
    .action(async ({ json, ...flags }: Flags & { json?: boolean }) => {
      // Loaded on demand: every server and worker starts from this same command line.
      const { printSettings } = await import('./print-settings.js');
      await printSettings(flags, json === true);
    });
}

const TORTURE_HELP = `
Starts servers and workers on their own database, enqueues over HTTP, and kills, pauses, resumes and stops them
at random. Then it lets them finish, stops them, and checks the outcome. Exit code 0: no violation; 1: a violation.

The seed fixes what is enqueued and the order of faults; their timing depends on the machine. A kill loses the
memory of a process, not that of the machine: power cuts are not tested here.

It needs POSIX signals (SIGKILL, SIGSTOP, SIGCONT): Linux, macOS or another Unix; not Windows.`;

/**
 * `torture`: demonstrates on the user's machine that nothing acknowledged is lost and nothing runs twice by accident.
 */
export function addTortureCommand(program: Command): void {
  program
    .command('torture')
    .description('Kill and pause servers and workers at random, and check that nothing is lost or done twice')
    .option('--seconds <number>', 'how long to inject faults (60)')
    .option('--servers <number>', 'server processes (2)')
    .option('--workers <number>', 'worker processes (4)')
    .option('--seed <number>', 'random seed, 0 to 4294967295 (random, and printed)')
    .option('--directory <folder>', 'working folder, new or empty, kept afterwards (a temporary one)')
    .option('--keep', 'keep the temporary folder; always kept after a violation')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', TORTURE_HELP)
    .action(async (flags: Record<string, unknown>) => {
      // Loaded on demand: every server and worker starts from this same command line.
      const { runTorture } = await import('../torture/run-torture.js');
      process.exitCode = await runTorture(flags);
    });
}
