import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import Joi from 'joi';
import { flagOf, withoutOwnVariables } from '../config/read-config.js';
import { UserError } from '../core/errors.js';
import { TORTURE_TYPES } from './task-requests.js';

export interface TortureOptions {
  seconds: number;
  servers: number;
  workers: number;
  seed: number;
  /** Working folder; null: a temporary one. */
  directory: string | null;
  keep: boolean;
  json: boolean;
}

const MAX_SEED = 2 ** 32 - 1;

const schemas: Record<keyof TortureOptions, Joi.Schema> = {
  seconds: Joi.number().min(1).max(86_400).default(60),
  servers: Joi.number().integer().min(1).max(50).default(2),
  workers: Joi.number().integer().min(1).max(50).default(4),
  seed: Joi.number()
    .integer()
    .min(0)
    .max(MAX_SEED)
    .default(() => Math.floor(Math.random() * MAX_SEED)),
  directory: Joi.string().allow(null).default(null),
  keep: Joi.boolean().default(false),
  json: Joi.boolean().default(false),
};

/** Validates the flags and fills in defaults. Throws `UserError` naming the invalid option. */
export function readTortureOptions(flags: Record<string, unknown>): TortureOptions {
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const { value, error } = schema.validate(flags[name], { errors: { wrap: { label: false } } });
    if (!error) return [name, value];
    throw new UserError(`${flagOf(name)} ${error.message.replace(/^value /, '')}, not "${flags[name]}".`);
  });
  return Object.fromEntries(entries);
}

/** How a process is started and restarted. */
export interface Launch {
  name: string;
  kind: 'server' | 'worker';
  /** Arguments of the `spoolite` executable. */
  args: string[];
  environment: NodeJS.ProcessEnv;
}

const HANDLERS = fileURLToPath(new URL('./handlers.js', import.meta.url));

export const LEASE_SECONDS = 2;

/** Shorter than some tasks, so that draining workers release some of them. */
const GRACE_SECONDS = 0.5;

const SLOTS = 16;

/** The file shared by all processes. */
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
  // This program's own settings must not reach them.
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

function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch {
    throw new UserError(`${directory} cannot be created: name another folder with --directory.`);
  }
}

/** A fresh temporary folder, or the named one, which must be new or empty. Throws `UserError`. */
export function scratchDirectory(named: string | null): string {
  if (named === null) return mkdtempSync(join(tmpdir(), 'spoolite-torture-'));
  const directory = resolve(named);
  makeFolder(directory);
  if (readdirSync(directory).length > 0) {
    throw new UserError(`${directory} is not empty: name a new or an empty folder with --directory.`);
  }
  return directory;
}
