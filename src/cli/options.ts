import type { Command } from 'commander';
import { type Config, DEFAULTS, flagOf, variableOf } from '../config/read-config.js';

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
  database: { value: 'file', text: 'the SQLite file; created if missing' },
  durability: {
    value: 'full|normal',
    text: 'full: every acknowledged write is on disk; normal: faster, a power cut may lose the last ones',
  },
  handlers: {
    value: 'module',
    text: 'module whose default export is the handlers object',
    unset: 'in dev, the examples',
  },
  types: { value: 'a,b', text: 'claim only these types', unset: 'every type with a handler' },
  capabilities: { value: 'json', text: 'what this worker offers, such as {"region":"us-west"}' },
  strategy: { value: 'name', text: 'order of claiming: priority, fifo, lifo or weighted_random' },
  concurrency: { value: 'number', text: 'number of tasks to run at once' },
  workerId: { value: 'name', text: 'name of the worker', unset: 'host, process id and a random part' },
  leaseSeconds: { value: 'number', text: 'how long a claim lasts without a heartbeat' },
  graceSeconds: { value: 'number', text: 'how long tasks and requests may take to finish on shutdown' },
  pollSeconds: { value: 'number', text: 'how often to look for work even without a notification' },
  timeoutSeconds: {
    value: 'number',
    text: 'how long an attempt may take, unless its handler sets its own limit; 0 is unlimited',
  },
  skipUpgradeBackup: { text: 'upgrade a file of an older version without backing it up first' },
  backupFolder: { value: 'folder', text: 'make scheduled backups in this folder', unset: 'none' },
  backupIntervalHours: { value: 'hours', text: 'time between two backups' },
  backupKeep: { value: 'number', text: 'how many backups to keep' },
  keepCompletedDays: { value: 'days', text: 'how long completed tasks are kept; or "forever"' },
  keepFailedDays: { value: 'days', text: 'how long failed tasks are kept; or "forever"' },
  keepLogDays: {
    value: 'days',
    text: 'how long task logs are kept, at most as long as the task; or "forever"',
  },
  keepAuditDays: { value: 'days', text: 'how long the audit log is kept; or "forever"' },
  retentionByType: {
    value: 'json',
    text: 'retention of certain types, such as {"mail":{"completed":1,"failed":90,"logs":7}}',
  },
  bodyLimit: { value: 'bytes', text: 'largest request body' },
  batchBodyLimit: { value: 'bytes', text: 'largest body of a batch' },
  processes: { value: 'number', text: 'number of server processes on one port and one file' },
  allowUnauthenticated: {
    text: 'accept other machines without a key: anyone who can reach the server may do everything',
  },
  hidePayloads: { text: 'show payloads and results only to keys with the admin scope' },
  sessionSecret: {
    value: 'text',
    text: 'secret that signs browser sessions, so that they survive a restart; better set in the environment',
    unset: 'a new one at every start',
  },
  allowedHosts: {
    value: 'a,b',
    text: 'host names accepted while there is no key, besides localhost and IP addresses',
    unset: 'none',
  },
  corsOrigins: {
    value: 'a,b',
    text: 'origins whose pages may use the API, such as https://example.com',
    unset: 'none',
  },
  trustProxy: {
    value: 'a,b',
    text: 'proxies whose forwarded client addresses are trusted: addresses such as 10.0.0.5, networks, or loopback',
    unset: 'none',
  },
  pollsPerMinute: {
    value: 'number',
    text: 'polls per minute and client; 0 is unlimited',
  },
  writesPerMinute: { value: 'number', text: 'write requests per minute and client; 0 is unlimited' },
  readsPerMinute: {
    value: 'number',
    text: 'requests for lists, logs, statistics and the audit log per minute and client; 0 is unlimited',
  },
  authFailuresPerMinute: { value: 'number', text: 'failed authentications per minute and address' },
  waitsPerClient: { value: 'number', text: 'long polls and streams open at once, per client' },
  maxWaits: { value: 'number', text: 'long polls and streams open at once, for all clients together' },
  maxConnections: { value: 'number', text: 'connections at once; further ones are closed' },
  nodeHttp: {
    text: "have Node's HTTP server read every request: slower, but nothing of our own reads a socket",
  },
  tlsCert: {
    value: 'file',
    text: 'certificate in PEM format; with --tls-key, serves https',
    unset: 'none: http',
  },
  tlsKey: { value: 'file', text: 'private key of the certificate', unset: 'none' },
  logLevel: { value: 'level', text: 'trace, debug, info, warn, error, fatal or silent' },
  logFormat: { value: 'auto|pretty|json', text: 'auto is pretty on a terminal and JSON lines elsewhere' },
  url: { value: 'address', text: 'address of the server' },
  key: {
    value: 'key',
    text: 'API key; better set in the environment, where process lists do not show it',
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
  'retentionByType',
  'skipUpgradeBackup',
  'logLevel',
  'logFormat',
] as const;
export const SERVER_OPTIONS = [
  'host',
  'port',
  'allowUnauthenticated',
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
  'authFailuresPerMinute',
  'waitsPerClient',
  'maxWaits',
  'maxConnections',
  'nodeHttp',
  'backupFolder',
  'backupIntervalHours',
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
