import { type Command, Option } from 'commander';
import { defineFileCommand } from '../define-file-command.js';
import { expiry } from './expiry.js';
import type { CreateFlags, KeyFlags } from './key-actions.js';
import { keyName } from './key-name.js';
import { scopes } from './scopes.js';

const HELP = `
Once a file has a key, every request to a server on it needs one; without any, only this machine is accepted. Changes made
here take effect at once, without a restart.

Scopes: read sees tasks, numbers and changes; enqueue adds tasks (with read: also cancels and retries them); work claims and
settles them; admin may do all of it, and reads the audit log.

Examples:
  spoolite keys create --name ci --scopes enqueue,read --expires 90d
  spoolite keys rotate ci`;

const CREATE_HELP = `
The key goes to standard output, alone: KEY=$(spoolite keys create --name ci --scopes read). It is not stored and cannot be
shown again.`;

// Loaded when it is wanted: every server and worker starts from this same command line.
const actions = () => import('./key-actions.js');

/** `keys`: who may use the API of servers on a file. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .description('Make, list, revoke and rotate the keys to the API')
    .addHelpText('after', HELP);
  defineFileCommand(keys, 'create', 'Make a key, and print it once')
    .requiredOption('--name <name>', 'what the key is called in the audit log; for good', keyName)
    .addOption(
      new Option('--scopes <scopes>', 'what it is for: read, enqueue, work, admin, separated by commas')
        .argParser(scopes)
        .makeOptionMandatory(),
    )
    .option('--expires <when>', 'when it ends: 90d, 12h, or a date and a time (never)', expiry)
    .option('--json', 'print the name and the key as JSON')
    .addHelpText('after', CREATE_HELP)
    .action(async (flags: CreateFlags) => (await actions()).create(flags));
  defineFileCommand(keys, 'list', 'List the keys, also those that have ended')
    .option('--json', 'print JSON (so unless standard output is a terminal)')
    .option('--no-json', 'print text for people, wherever it goes')
    .action(async (flags: KeyFlags) => (await actions()).list(flags));
  defineFileCommand(keys, 'revoke', 'End a key, for good')
    .argument('<name>', 'the name of the key')
    .action(async (name: string, flags: KeyFlags) => (await actions()).revoke(name, flags));
  defineFileCommand(keys, 'rotate', 'Give a key another token, and print it once; the old one is refused')
    .argument('<name>', 'the name of the key')
    .option('--json', 'print the name and the key as JSON')
    .action(async (name: string, flags: KeyFlags) => (await actions()).rotate(name, flags));
}
