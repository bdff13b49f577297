import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutOwnVariables } from '../../config.js';
import { TORTURE_TYPES } from './behaviour.js';
import type { TortureOptions } from './torture-options.js';

/** How one of the processes is started, again and again. */
export interface Launch {
  name: string;
  kind: 'server' | 'worker';
  /** Arguments of the `spoolite` executable. */
  args: string[];
  environment: NodeJS.ProcessEnv;
}

const HANDLERS = fileURLToPath(new URL('./handlers.js', import.meta.url));

export const LEASE_SECONDS = 2;

/** Shorter than what some tasks take, so that draining workers give some of them back. */
const GRACE_SECONDS = 0.5;

const SLOTS = 16;

/** The file that all processes work on. */
export const databaseIn = (directory: string): string => join(directory, 'torture.db');

const flags = (values: Record<string, string | number>): string[] =>
  Object.entries(values).flatMap(([flag, value]) => [`--${flag}`, String(value)]);

/** The servers and workers of a run, on one file. */
export function launches({ servers, workers }: TortureOptions, directory: string): Launch[] {
  const common = { database: databaseIn(directory), 'log-level': 'warn', 'log-format': 'json' };
  const worker = {
    handlers: HANDLERS,
    types: Object.values(TORTURE_TYPES).join(','),
    concurrency: SLOTS,
    'lease-seconds': LEASE_SECONDS,
    'grace-seconds': GRACE_SECONDS,
    'poll-seconds': 1,
  };
  // What this program was told through its environment is not meant for them.
  const environment = withoutOwnVariables();
  const start = (kind: Launch['kind'], number: number, args: string[]): Launch => ({
    name: `${kind}-${number}`,
    kind,
    args,
    environment,
  });
  return [
    ...Array.from({ length: servers }, (_, at) =>
      start('server', at + 1, ['serve', ...flags({ ...common, host: '127.0.0.1', port: 0 })]),
    ),
    ...Array.from({ length: workers }, (_, at) =>
      start('worker', at + 1, ['work', ...flags({ ...common, ...worker, 'worker-id': `worker-${at + 1}` })]),
    ),
  ];
}
