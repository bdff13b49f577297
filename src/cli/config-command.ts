import type { Command } from 'commander';
import type { Flags } from '../config.js';
import {
  addOptions,
  CLIENT_OPTIONS,
  COMMON_OPTIONS,
  SERVE_OPTIONS,
  SERVER_OPTIONS,
  STORAGE_OPTIONS,
  WORKER_OPTIONS,
} from './options.js';

const HELP = `
Each value comes from a flag, else the environment, else the settings file, else it is the default. Flags are taken
here as "dev", "serve" and "work" take them. In a settings file a setting is called as it is here: leaseSeconds.`;

const OPTIONS = new Set([
  ...COMMON_OPTIONS,
  ...STORAGE_OPTIONS,
  ...SERVER_OPTIONS,
  ...SERVE_OPTIONS,
  ...WORKER_OPTIONS,
  ...CLIENT_OPTIONS,
]);

/** `config`: what the other commands would go by here, and why. */
export function addConfigCommand(program: Command): void {
  const command = program
    .command('config')
    .description('Print the settings that are in force, and where each comes from');
  addOptions(command, [...OPTIONS])
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async ({ json, ...flags }: Flags & { json?: boolean }) => {
      // Loaded when it is wanted: every server and worker starts from this same command line.
      const { printSettings } = await import('./print-settings.js');
      await printSettings(flags, json === true);
    });
}
