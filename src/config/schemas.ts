import Joi from 'joi';
import type { JsonObject } from '../core/json.js';
import { WORKER_LIMITS } from '../core/limits.js';
import { BACKUP_LIMITS } from '../core/maintenance.js';
import { isNetwork } from '../core/network.js';
import { STRATEGIES, type Strategy } from '../core/workers.js';
import { days, type RetentionDays, retentionDaysByType } from './retention-days.js';

/** What a run of the program goes by. */
export interface Config {
  config?: string;
  host: string;
  port: number;
  database: string;
  durability: 'full' | 'normal';
  handlers?: string;
  types?: string[];
  capabilities: JsonObject;
  strategy: Strategy;
  concurrency: number;
  workerId?: string;
  leaseSeconds: number;
  graceSeconds: number;
  pollSeconds: number;
  timeoutSeconds: number;
  skipUpgradeBackup: boolean;
  backupFolder?: string;
  backupIntervalHours: number;
  backupKeep: number;
  keepCompletedDays: number | null;
  keepFailedDays: number | null;
  keepLogDays: number | null;
  keepAuditDays: number | null;
  retentionByType: Record<string, RetentionDays>;
  bodyLimit: number;
  batchBodyLimit: number;
  processes: number;
  allowUnauthenticated: boolean;
  hidePayloads: boolean;
  sessionSecret?: string;
  allowedHosts: string[];
  corsOrigins: string[];
  trustProxy: string[];
  pollsPerMinute: number;
  writesPerMinute: number;
  readsPerMinute: number;
  authFailuresPerMinute: number;
  waitsPerClient: number;
  maxWaits: number;
  maxConnections: number;
  nodeHttp: boolean;
  tlsCert?: string;
  tlsKey?: string;
  logLevel: string;
  logFormat: 'auto' | 'pretty' | 'json';
  url: string;
  key?: string;
}

export const DEFAULT_DATABASE = './data/spoolite.db';

/** `a,b` → `['a', 'b']`, each by the rule for one. */
const listOf = (item: Joi.Schema): Joi.ArraySchema =>
  Joi.extend((joi) => ({
    type: 'list',
    base: joi.array().items(item).min(1).messages({
      'string.empty': 'must be names separated by commas',
      'string.base': 'must be names',
      'array.base': 'must be a list of names',
      'array.min': 'must have at least one name',
    }),
    coerce: { from: 'string', method: (value: string) => ({ value: value.split(',') }) },
  })).list();

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `{"a":1}` as text → the object; Joi itself no longer reads JSON. */
const json = Joi.extend((joi) => ({
  type: 'jsonObject',
  base: joi.object(),
  coerce: { from: 'string', method: (value: string) => ({ value: parsed(value) }) },
}));

const within = ({ min, max, integer }: { min: number; max: number; integer?: boolean }) => {
  const number = Joi.number().min(min).max(max);
  return integer ? number.integer() : number;
};

/** `https://example.com`, as browsers say it. */
const origin = Joi.string()
  .trim()
  .custom((value: string, { error }) => {
    try {
      return new URL(value).origin === value ? value : error('origin.base');
    } catch {
      return error('origin.base');
    }
  })
  .messages({ 'origin.base': 'must be origins such as https://example.com, without a path' });

const network = Joi.string()
  .trim()
  .custom((value: string, { error }) => (isNetwork(value) ? value : error('network.base')))
  .messages({
    'network.base': 'must be addresses, networks such as 10.0.0.0/8, loopback, linklocal or uniquelocal',
  });

const count = (min: number) => Joi.number().integer().min(min).max(1_000_000_000);

const PATH: Traits = { path: true };
const ADDRESS: Traits = { address: true };
const SECRET: Traits = { secret: true };

/** Each setting's rule and default: the one list of them. What is said about them is in `cli/options.ts`. */
export const schemas: Record<keyof Config, Joi.Schema> = {
  config: Joi.string(),
  host: Joi.string().hostname().default('127.0.0.1'),
  port: Joi.number().integer().min(0).max(65_535).default(8000),
  database: Joi.string().trim().meta(PATH).default(DEFAULT_DATABASE),
  durability: Joi.string().valid('full', 'normal').default('full'),
  handlers: Joi.string().meta(PATH),
  types: listOf(Joi.string().trim().min(1).max(200)),
  capabilities: json.jsonObject().default({}),
  strategy: Joi.string()
    .valid(...STRATEGIES)
    .default('priority'),
  concurrency: within(WORKER_LIMITS.concurrency).default(10),
  workerId: Joi.string().trim().max(200),
  leaseSeconds: within(WORKER_LIMITS.leaseSeconds).default(60),
  graceSeconds: within(WORKER_LIMITS.graceSeconds).default(30),
  pollSeconds: within(WORKER_LIMITS.pollSeconds).default(5),
  timeoutSeconds: within(WORKER_LIMITS.timeoutSeconds).default(3600),
  skipUpgradeBackup: Joi.boolean().default(false),
  backupFolder: Joi.string().meta(PATH),
  backupIntervalHours: within(BACKUP_LIMITS.intervalHours).default(24),
  backupKeep: within(BACKUP_LIMITS.keep).default(7),
  keepCompletedDays: days().default(7),
  keepFailedDays: days().default(30),
  keepLogDays: days().default(30),
  keepAuditDays: days().default(365),
  retentionByType: json.jsonObject().custom(retentionDaysByType).default({}),
  bodyLimit: Joi.number()
    .integer()
    .min(1024)
    .default(1024 * 1024),
  batchBodyLimit: Joi.number()
    .integer()
    .min(1024)
    .default(8 * 1024 * 1024),
  processes: Joi.number().integer().min(1).max(64).default(1),
  allowUnauthenticated: Joi.boolean().default(false),
  hidePayloads: Joi.boolean().default(false),
  sessionSecret: Joi.string().min(32).meta(SECRET),
  allowedHosts: listOf(Joi.string().trim().lowercase().hostname()).default([]),
  corsOrigins: listOf(origin).default([]),
  trustProxy: listOf(network).default([]),
  pollsPerMinute: count(0).default(0),
  writesPerMinute: count(0).default(0),
  readsPerMinute: count(0).default(0),
  authFailuresPerMinute: count(1).default(30),
  waitsPerClient: count(1).default(2000),
  maxWaits: count(1).default(10_000),
  maxConnections: count(1).default(16_384),
  nodeHttp: Joi.boolean().default(false),
  tlsCert: Joi.string().meta(PATH),
  tlsKey: Joi.string().meta(PATH),
  logLevel: Joi.string().valid('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
  logFormat: Joi.string().valid('auto', 'pretty', 'json').default('auto'),
  url: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .meta(ADDRESS)
    .default('http://127.0.0.1:8000'),
  key: Joi.string().meta(SECRET),
};

/** What else is to be known of a setting; given with `.meta({ … })` of its schema. */
export interface Traits {
  /** The name of a file: in a settings file it is relative to that file. */
  path?: true;
  /** An address, which may have a password in it. */
  address?: true;
  /** Never shown, neither when it is right nor when it is wrong. */
  secret?: true;
}

const traitsOf = (schema: Joi.Schema): Traits => Object.assign({}, ...(schema.describe().metas ?? []));

export const isPath = (schema: Joi.Schema): boolean => traitsOf(schema).path === true;

const MASK = '********';

/** The password in an address, whatever else is wrong with it: all between the name's colon and the last at sign before a slash. */
const PASSWORD = /(:\/\/[^/?#:]*:)[^/?#]*(?=@)/;

/** The value as it may be shown to people. */
export function masked(schema: Joi.Schema, value: unknown): unknown {
  if (value === undefined) return value;
  const { secret, address } = traitsOf(schema);
  if (secret) return MASK;
  return address && typeof value === 'string' ? value.replace(PASSWORD, `$1${MASK}`) : value;
}
