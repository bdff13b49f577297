import Joi from 'joi';
import type { JsonObject } from './domain/json.js';
import { StartupError } from './domain/startup-error.js';
import { STRATEGIES, type Strategy } from './domain/strategy.js';
import { WORKER_LIMITS } from './domain/worker-limits.js';

/** What a run of the program goes by. */
export interface Config {
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
  keepCompletedDays: number;
  keepFailedDays: number;
  bodyLimit: number;
  batchBodyLimit: number;
  processes: number;
  allowRemote: boolean;
  logLevel: string;
  logFormat: 'auto' | 'pretty' | 'json';
  url: string;
}

export const DEFAULT_DATABASE = './data/spoolite.db';

/** `a,b` → `['a', 'b']`. */
const list = Joi.extend((joi) => ({
  type: 'list',
  base: joi
    .array()
    .items(joi.string().trim().min(1).max(200))
    .min(1)
    .messages({ 'string.empty': 'must be names separated by commas' }),
  coerce: { from: 'string', method: (value: string) => ({ value: value.split(',') }) },
}));

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

const schemas: Record<keyof Config, Joi.Schema> = {
  host: Joi.string().hostname().default('127.0.0.1'),
  port: Joi.number().integer().min(0).max(65_535).default(8000),
  database: Joi.string().default(DEFAULT_DATABASE),
  durability: Joi.string().valid('full', 'normal').default('full'),
  handlers: Joi.string(),
  types: list.list(),
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
  keepCompletedDays: Joi.number().min(0).default(7),
  keepFailedDays: Joi.number().min(0).default(30),
  bodyLimit: Joi.number()
    .integer()
    .min(1024)
    .default(1024 * 1024),
  batchBodyLimit: Joi.number()
    .integer()
    .min(1024)
    .default(8 * 1024 * 1024),
  processes: Joi.number().integer().min(1).max(64).default(1),
  allowRemote: Joi.boolean().default(false),
  logLevel: Joi.string().valid('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent').default('info'),
  logFormat: Joi.string().valid('auto', 'pretty', 'json').default('auto'),
  url: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .default('http://127.0.0.1:8000'),
};

const NAMES = Object.keys(schemas) as (keyof Config)[];

/** What is wrong with a value, worded to follow the option's name. `{#...}` is filled in by Joi. */
const MESSAGES = {
  'any.only': 'must be one of {#valids}',
  'boolean.base': 'must be true or false',
  'number.base': 'must be a number',
  'number.integer': 'must be a whole number',
  'number.max': 'must be {#limit} or less',
  'number.min': 'must be {#limit} or more',
  'object.base': 'must be a JSON object, such as \\{"region":"us-west"}',
  'string.empty': 'must not be empty',
  'string.hostname': 'must be a host name or an IP address',
  'string.uriCustomScheme': 'must be an address that begins with http:// or https://',
  'string.max': 'must not be longer than {#limit} characters',
};

const JOI_OPTIONS = {
  errors: { label: false as const, wrap: { array: false as const } },
  messages: MESSAGES,
};

const PREFIX = 'SPOOLITE_';

/** `leaseSeconds` → `SPOOLITE_LEASE_SECONDS`. */
export const variableOf = (name: string): string =>
  `${PREFIX}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** `leaseSeconds` → `--lease-seconds`. */
export const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The environment without what is meant for this program: for a process that must not be told by it. */
export const withoutOwnVariables = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith(PREFIX)));

const LOOPBACK = ['localhost', '::1'];

const isLoopback = (host: string): boolean => LOOPBACK.includes(host) || /^127(\.\d{1,3}){3}$/.test(host);

type Flags = Partial<Record<keyof Config, unknown>>;

/** The option as the user has set it: by its flag, else by its variable. */
const sourceOf = (name: keyof Config, flags: Flags): string =>
  flags[name] === undefined ? variableOf(name) : flagOf(name);

function validateOne(name: keyof Config, flags: Flags, variable: string | undefined): unknown {
  // An empty variable is how shells and compose files say "not set".
  const given = flags[name] ?? (variable === '' ? undefined : variable);
  const { value, error } = schemas[name].validate(given, JOI_OPTIONS);
  if (!error) return value;
  throw new StartupError(`${sourceOf(name, flags)} ${error.message}, not "${given}".`);
}

/**
 * Flags over environment over defaults, validated and frozen. The only reader of the environment.
 * Throws `StartupError` naming the option that is wrong.
 */
export function readConfig(flags: Flags, environment: NodeJS.ProcessEnv = process.env): Readonly<Config> {
  const entries = NAMES.map((name) => [name, validateOne(name, flags, environment[variableOf(name)])]);
  const config = Object.fromEntries(entries) as Config;
  if (!isLoopback(config.host) && !config.allowRemote) {
    throw new StartupError(
      `${sourceOf('host', flags)} ${config.host} would let other machines in, and there is no authentication: use 127.0.0.1, ` +
        'or add --allow-remote if you trust everyone who can reach it.',
    );
  }
  return Object.freeze(config);
}

/** What the commands that talk to a server go by. */
export interface ClientConfig {
  url: string;
  /** False where somebody wants no colours, or the terminal has none. */
  color: boolean;
}

/**
 * The same for a command that talks to a server: of everything else in the environment, meant for servers and workers,
 * it heeds nothing. Throws `StartupError`.
 */
export function readClientConfig(
  flags: { url?: string },
  environment: NodeJS.ProcessEnv = process.env,
): ClientConfig {
  const url = validateOne('url', flags, environment[variableOf('url')]) as string;
  return { url, color: !environment.NO_COLOR && environment.TERM !== 'dumb' };
}

/** What holds for an option that nobody has set; undefined where there is nothing to say. */
export const DEFAULTS: Readonly<Config> = readConfig({}, {});
