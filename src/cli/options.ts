import type { Command } from 'commander';
import { type Config, flagOf, variableOf } from '../config.js';

interface OptionText {
  /** Placeholder of the value; none for a switch. */
  value?: string;
  text: string;
}

const OPTIONS: Record<keyof Config, OptionText> = {
  host: { value: 'address', text: 'address to listen on (127.0.0.1)' },
  port: { value: 'number', text: 'port to listen on; 0 picks a free one (8000)' },
  database: { value: 'file', text: 'the SQLite file (./data/spoolite.db)' },
  durability: {
    value: 'full|normal',
    text: 'full: every acknowledged write is on disk; normal: faster, a power cut may lose the last ones (full)',
  },
  handlers: { value: 'module', text: 'module whose default export is the handlers object' },
  types: { value: 'a,b', text: 'claim only these types (all that have a handler)' },
  capabilities: { value: 'json', text: 'what this worker offers, such as \'{"region":"us-west"}\' ({})' },
  strategy: { value: 'name', text: 'order of claiming: priority, fifo, lifo or weighted_random (priority)' },
  concurrency: { value: 'number', text: 'tasks run at once (10)' },
  workerId: { value: 'name', text: 'name of the worker (host, process id and a random part)' },
  leaseSeconds: { value: 'number', text: 'how long a claim lasts without a heartbeat (60)' },
  graceSeconds: {
    value: 'number',
    text: 'how long requests and running tasks may take to finish on shutdown (30)',
  },
  pollSeconds: { value: 'number', text: 'how often to look for work although nothing announced any (5)' },
  timeoutSeconds: { value: 'number', text: 'how long an attempt may take, 0 is without end (3600)' },
  keepCompletedDays: { value: 'days', text: 'how long completed tasks are kept (7)' },
  keepFailedDays: { value: 'days', text: 'how long failed tasks are kept (30)' },
  bodyLimit: { value: 'bytes', text: 'largest request body (1048576)' },
  batchBodyLimit: { value: 'bytes', text: 'largest body of a batch (8388608)' },
  processes: { value: 'number', text: 'serve from so many processes on one port and one file (1)' },
  allowRemote: { text: 'allow --host to let other machines in, without authentication' },
  logLevel: { value: 'level', text: 'trace, debug, info, warn, error, fatal or silent (info)' },
  logFormat: {
    value: 'auto|pretty|json',
    text: 'auto is pretty on a terminal and JSON lines elsewhere (auto)',
  },
};

export const STORAGE_OPTIONS = [
  'database',
  'durability',
  'keepCompletedDays',
  'keepFailedDays',
  'logLevel',
  'logFormat',
] as const;
export const SERVER_OPTIONS = ['host', 'port', 'allowRemote', 'bodyLimit', 'batchBodyLimit'] as const;
export const WORKER_OPTIONS = [
  'handlers',
  'concurrency',
  'strategy',
  'types',
  'capabilities',
  'workerId',
  'leaseSeconds',
  'graceSeconds',
  'pollSeconds',
  'timeoutSeconds',
] as const;

/** Adds options to a command. Defaults are left to the configuration, which knows the environment too. */
export function addOptions(command: Command, names: readonly (keyof Config)[]): Command {
  for (const name of names) {
    const { value, text } = OPTIONS[name];
    const flag = value === undefined ? flagOf(name) : `${flagOf(name)} <${value}>`;
    command.option(flag, `${text} [${variableOf(name)}]`);
  }
  return command;
}
