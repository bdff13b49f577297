import type { Command } from 'commander';
import type { Flags } from '../config.js';
import {
  addOptions,
  COMMON_OPTIONS,
  SERVE_OPTIONS,
  SERVER_OPTIONS,
  STORAGE_OPTIONS,
  WORKER_OPTIONS,
} from './options.js';
import { goOnWithoutOutput } from './standard-output.js';

/** `dev`, `serve` and `work`: the commands that keep running. */
export function addStartCommands(program: Command): void {
  const exitWith = (command: 'dev' | 'serve' | 'work') => async (flags: Flags) => {
    // Loaded when it is wanted: a command that only asks a server must not wait for all that a server is made of.
    const { [command]: run } = await import('./start.js');
    goOnWithoutOutput();
    // A handler that ignores its signal may go on: it must not keep the process.
    process.exit(await run(flags));
  };
  addOptions(
    program
      .command('dev')
      .description('Start a server with a worker inside; runs the example handlers unless told others'),
    [...COMMON_OPTIONS, ...STORAGE_OPTIONS, ...SERVER_OPTIONS, ...WORKER_OPTIONS],
  ).action(exitWith('dev'));
  addOptions(program.command('serve').description('Start a server; workers run elsewhere'), [
    ...COMMON_OPTIONS,
    ...STORAGE_OPTIONS,
    ...SERVER_OPTIONS,
    ...SERVE_OPTIONS,
  ]).action(exitWith('serve'));
  addOptions(program.command('work').description('Start a worker on the database file'), [
    ...COMMON_OPTIONS,
    ...STORAGE_OPTIONS,
    ...WORKER_OPTIONS,
  ]).action(exitWith('work'));
}
