import type { Command } from 'commander';
import { type Config, DEFAULTS, flagOf, variableOf } from '../config.js';

interface OptionText {
  /** Placeholder of the value; none for a switch. */
  value?: string;
  text: string;
  /** What holds when it is not set, where that is not a value. */
  unset?: string;
}

const OPTIONS: Record<keyof Config, OptionText> = {
  config: {
    value: 'file',
    text: 'settings file, .json or .yaml',
    unset: 'spoolite.config.json, .yaml or .yml in the working directory',
  },
  host: { value: 'address', text: 'address to listen on' },
  port: { value: 'number', text: 'port to listen on; 0 picks a free one' },
  database: { value: 'file', text: 'the SQLite file; made when it is not there' },
  durability: {
    value: 'full|normal',
    text: 'full: every acknowledged write is on disk; normal: faster, a power cut may lose the last ones',
  },
  handlers: {
    value: 'module',
    text: 'module whose default export is the handlers object',
    unset: 'in dev, the examples',
  },
  types: { value: 'a,b', text: 'claim only these types', unset: 'all that have a handler' },
  capabilities: { value: 'json', text: 'what this worker offers, such as {"region":"us-west"}' },
  strategy: { value: 'name', text: 'order of claiming: priority, fifo, lifo or weighted_random' },
  concurrency: { value: 'number', text: 'tasks run at once' },
  workerId: { value: 'name', text: 'name of the worker', unset: 'host, process id and a random part' },
  leaseSeconds: { value: 'number', text: 'how long a claim lasts without a heartbeat' },
  graceSeconds: { value: 'number', text: 'how long tasks and requests may take to finish on shutdown' },
  pollSeconds: { value: 'number', text: 'how often to look for work although nothing announced any' },
  timeoutSeconds: {
    value: 'number',
    text: 'how long an attempt may take, where its handler does not say; 0 is without end',
  },
  upgradeWithoutBackup: { text: 'bring a file of an older version to this one without copying it before' },
  backupFolder: { value: 'folder', text: 'make backups by itself, and put them there', unset: 'none' },
  backupEveryHours: { value: 'hours', text: 'how old the newest backup may be' },
  backupKeep: { value: 'number', text: 'how many of the newest backups are kept' },
  keepCompletedDays: { value: 'days', text: 'how long completed tasks are kept; or "forever"' },
  keepFailedDays: { value: 'days', text: 'how long failed tasks are kept; or "forever"' },
  keepLogDays: { value: 'days', text: 'how long tasks\' logs are kept, if the task itself is; or "forever"' },
  keepAuditDays: { value: 'days', text: 'how long the audit log is kept; or "forever"' },
  keepDaysOfTypes: {
    value: 'json',
    text: 'what holds for certain types instead, such as {"mail":{"completed":1,"failed":90,"logs":7}}',
  },
  bodyLimit: { value: 'bytes', text: 'largest request body' },
  batchBodyLimit: { value: 'bytes', text: 'largest body of a batch' },
  processes: { value: 'number', text: 'serve from so many processes on one port and one file' },
  open: {
    text: 'let other machines in although there is no key: anyone who can reach it may do everything',
  },
  hidePayloads: { text: 'keep payloads and results from every key but those with the scope admin' },
  sessionSecret: {
    value: 'text',
    text: "what browsers' sessions are signed with, so that they outlive a restart; better in the environment",
    unset: 'a new one with every start',
  },
  allowedHosts: {
    value: 'a,b',
    text: 'names that the server answers to without a key, besides localhost and addresses',
    unset: 'none',
  },
  corsOrigins: {
    value: 'a,b',
    text: 'origins whose pages may use the API, such as https://example.com',
    unset: 'none',
  },
  trustProxy: {
    value: 'a,b',
    text: 'proxies that are believed when they say whom they ask for: addresses such as 10.0.0.5, networks, or loopback',
    unset: 'none',
  },
  pollsPerMinute: {
    value: 'number',
    text: 'polls that each client is allowed a minute; 0 is without a limit',
  },
  writesPerMinute: { value: 'number', text: 'the same for requests that change something' },
  readsPerMinute: { value: 'number', text: 'the same for lists, logs, statistics and the audit log' },
  wrongKeysPerMinute: { value: 'number', text: 'wrong keys a minute that are answered from one address' },
  waitsPerClient: { value: 'number', text: 'long polls and streams that each client may have open at once' },
  waitsInAll: { value: 'number', text: 'the same for all clients together' },
  maxConnections: { value: 'number', text: 'connections at once; more are closed as they come' },
  tlsCert: {
    value: 'file',
    text: 'certificate in PEM form: speak https, with --tls-key',
    unset: 'none: http',
  },
  tlsKey: { value: 'file', text: 'private key of the certificate', unset: 'none' },
  logLevel: { value: 'level', text: 'trace, debug, info, warn, error, fatal or silent' },
  logFormat: { value: 'auto|pretty|json', text: 'auto is pretty on a terminal and JSON lines elsewhere' },
  url: { value: 'address', text: 'where the server is' },
  key: {
    value: 'key',
    text: 'the key to it; better in the environment, where no list of processes shows it',
    unset: 'none',
  },
};

/** For every command that has settings. */
export const COMMON_OPTIONS = ['config'] as const;
export const STORAGE_OPTIONS = [
  'database',
  'durability',
  'keepCompletedDays',
  'keepFailedDays',
  'keepLogDays',
  'keepAuditDays',
  'keepDaysOfTypes',
  'upgradeWithoutBackup',
  'logLevel',
  'logFormat',
] as const;
export const SERVER_OPTIONS = [
  'host',
  'port',
  'open',
  'hidePayloads',
  'sessionSecret',
  'allowedHosts',
  'corsOrigins',
  'trustProxy',
  'tlsCert',
  'tlsKey',
  'bodyLimit',
  'batchBodyLimit',
  'pollsPerMinute',
  'writesPerMinute',
  'readsPerMinute',
  'wrongKeysPerMinute',
  'waitsPerClient',
  'waitsInAll',
  'maxConnections',
  'backupFolder',
  'backupEveryHours',
  'backupKeep',
] as const;
/** What a server without a worker takes besides. */
export const SERVE_OPTIONS = ['graceSeconds', 'processes'] as const;
/** For the commands that talk to a server. */
export const CLIENT_OPTIONS = ['url', 'key'] as const;
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

/** All that help texts and documentation say of an option. */
export interface OptionHelp {
  /** With its placeholder: `--port <number>`. */
  flag: string;
  variable: string;
  text: string;
  /** What holds when it is not set; undefined for a switch. */
  unset: string | undefined;
}

const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** The one source of what is said about an option, in help texts and in the README. */
export function describeOption(name: keyof Config): OptionHelp {
  const { value, text, unset } = OPTIONS[name];
  return {
    flag: value === undefined ? flagOf(name) : `${flagOf(name)} <${value}>`,
    variable: variableOf(name),
    text,
    unset: value === undefined ? undefined : (unset ?? shown(DEFAULTS[name])),
  };
}

/** Adds options to a command. Defaults are left to the configuration, which knows the environment too. */
export function addOptions(command: Command, names: readonly (keyof Config)[]): Command {
  for (const name of names) {
    const { flag, text, unset, variable } = describeOption(name);
    command.option(flag, `${text}${unset === undefined ? '' : ` (${unset})`} [${variable}]`);
  }
  return command;
}
