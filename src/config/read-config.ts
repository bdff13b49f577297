import { dirname, isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import type { BackupPlan } from '../core/maintenance.js';
import { isInMemory } from './database.js';
import { type Config, NAMES, OPTIONS } from './options.js';
import { FOREVER } from './retention-days.js';
import { masked, traitsOf } from './schemas.js';
import { readSettingsFile, type SettingsFile } from './settings-file.js';

/** A settings file may set anything but its own name. */
const FILE_NAMES = NAMES.filter((name) => name !== 'config');

/** Problems with a value, worded to follow the option's name. `{#...}` is filled in by Joi. */
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
  'string.min': 'must have at least {#limit} characters',
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

/** The environment without this program's variables: for a process that they must not configure. */
export const withoutOwnVariables = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith(PREFIX)));

/** Values from the command line, by the settings' names. */
export type Flags = Partial<Record<keyof Config, unknown>>;

/** The sources of a value; each takes precedence over those before it. */
export type Source = 'default' | 'file' | 'environment' | 'flag';

/** A value and its source. */
export interface Setting {
  value: unknown;
  source: Source;
}

export type Settings = Readonly<Record<keyof Config, Setting>>;

interface Sources {
  flags: Flags;
  environment: NodeJS.ProcessEnv;
  file?: SettingsFile;
}

/** A setting as given by the user. */
function rawSetting(name: keyof Config, { flags, environment, file }: Sources): Setting {
  if (flags[name] !== undefined) return { value: flags[name], source: 'flag' };
  // An env file written on Windows leaves a carriage return.
  const variable = environment[variableOf(name)]?.replace(/\r$/, '');
  // Shells and compose files write "not set" as an empty variable.
  if (variable) return { value: variable, source: 'environment' };
  if (file && Object.hasOwn(file.values, name)) return { value: file.values[name], source: 'file' };
  return { value: undefined, source: 'default' };
}

/** The name that the user has set the setting with. */
const PLACE_OF_SOURCE: Record<Source, (name: keyof Config, file?: SettingsFile) => string> = {
  default: flagOf,
  flag: flagOf,
  environment: variableOf,
  file: (name, file) => `${file?.path}: ${name}`,
};

/** A value as quoted in error messages. */
const quote = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

/** A path in a settings file is relative to the file, so that it means the same wherever the program is started. */
const relativeTo = (file: SettingsFile | undefined, path: string): string =>
  file === undefined || isInMemory(path) || isAbsolute(path) ? path : join(dirname(file.path), path);

function settingOf(name: keyof Config, sources: Sources): Setting {
  const { value: raw, source } = rawSetting(name, sources);
  const { schema } = OPTIONS[name];
  const { value, error } = schema.validate(raw, JOI_OPTIONS);
  if (error) {
    const place = PLACE_OF_SOURCE[source](name, sources.file);
    throw new UserError(`${place} ${error.message}, not ${quote(masked(schema, raw))}.`);
  }
  const isRelative = source === 'file' && traitsOf(schema).path;
  return { value: isRelative ? relativeTo(sources.file, value) : value, source };
}

/** The settings file named by `--config` or its variable, else the one in the working directory. Throws `UserError`. */
export async function findSettingsFile(
  flags: Flags,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SettingsFile | undefined> {
  const { value } = settingOf('config', { flags, environment });
  return readSettingsFile(value as string | undefined, FILE_NAMES);
}

/**
 * Flags over environment over file over defaults, validated. The only reader of the environment. Throws `UserError`
 * with the name of the invalid setting.
 */
export function readSettings(
  flags: Flags,
  environment: NodeJS.ProcessEnv = process.env,
  file?: SettingsFile,
): Settings {
  const sources = { flags, environment, file };
  return Object.fromEntries(NAMES.map((name) => [name, settingOf(name, sources)])) as Settings;
}

/** The values alone, frozen. */
export const configOf = (settings: Settings): Readonly<Config> =>
  Object.freeze(Object.fromEntries(NAMES.map((name) => [name, settings[name].value])) as unknown as Config);

/** Reads and validates in one step. Throws `UserError`. */
export const readConfig = (
  flags: Flags,
  environment: NodeJS.ProcessEnv = process.env,
  file?: SettingsFile,
): Readonly<Config> => configOf(readSettings(flags, environment, file));

/** The settings to show to people: secrets are masked. The name of the settings file is not one of them. */
export const shownSettings = (settings: Settings): [keyof Config, Setting][] =>
  FILE_NAMES.map((name) => {
    const { value, source } = settings[name];
    return [name, { value: value === null ? FOREVER : masked(OPTIONS[name].schema, value), source }];
  });

/** The settings of a file, as variables: for processes that must use the same, even if the file changes. */
export const asVariables = (settings: Settings): NodeJS.ProcessEnv =>
  Object.fromEntries(
    FILE_NAMES.filter((name) => settings[name].source === 'file').map((name) => {
      const value = settings[name].value ?? FOREVER;
      const isJson = typeof value === 'object' && !Array.isArray(value);
      return [variableOf(name), isJson ? JSON.stringify(value) : String(value)];
    }),
  );

/** One setting of a command that uses no other; reads the settings file only if it needs it. */
async function readOne(name: keyof Config, flags: Flags, environment: NodeJS.ProcessEnv): Promise<unknown> {
  const isSet = rawSetting(name, { flags, environment }).source !== 'default';
  const file = isSet ? undefined : await findSettingsFile(flags, environment);
  return settingOf(name, { flags, environment, file }).value;
}

/** Settings of the commands that call a server. */
export interface ClientConfig {
  url: string;
  key: string | undefined;
  /** False if colours are disabled, or the terminal has none. */
  color: boolean;
}

/** The same for a command that calls a server. Throws `UserError`. */
export async function readClientConfig(
  flags: { url?: string; key?: string; config?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ClientConfig> {
  const url = (await readOne('url', flags, environment)) as string;
  // A key in the file belongs to the server that the file names.
  const isElsewhere = rawSetting('url', { flags, environment }).source !== 'default';
  const key = isElsewhere
    ? settingOf('key', { flags, environment }).value
    : await readOne('key', flags, environment);
  return { url, key: key as string | undefined, color: !environment.NO_COLOR && environment.TERM !== 'dumb' };
}

/** The database file for a command about it. Throws `UserError`. */
export async function readDatabase(
  flags: { database?: string; config?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const database = (await readOne('database', flags, environment)) as string;
  if (!isInMemory(database)) return database;
  throw new UserError(
    'A database in memory is visible only to its own process: name a file with --database.',
  );
}

type BackupSettings = Pick<Config, 'backupFolder' | 'backupIntervalHours' | 'backupKeep'>;

/** Undefined if no backups are configured. */
export const backupPlanOf = (settings: BackupSettings): BackupPlan | undefined =>
  settings.backupFolder === undefined
    ? undefined
    : {
        folder: settings.backupFolder,
        intervalHours: settings.backupIntervalHours,
        keep: settings.backupKeep,
      };

/**
 * The scheduled backups of a command's database; undefined if the settings are for another file. Throws `UserError`.
 */
export async function readBackupPlan(
  { database, ...flags }: { database?: string; config?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<BackupPlan | undefined> {
  const backedUp = (await readOne('database', flags, environment)) as string;
  if (database !== undefined && resolve(database) !== resolve(backedUp)) return undefined;
  return backupPlanOf({
    backupFolder: (await readOne('backupFolder', flags, environment)) as string | undefined,
    backupIntervalHours: (await readOne('backupIntervalHours', flags, environment)) as number,
    backupKeep: (await readOne('backupKeep', flags, environment)) as number,
  });
}
