import { dirname, isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../core/errors.js';
import type { BackupPlan } from '../core/maintenance.js';
import { isInMemory } from './database.js';
import { type Config, NAMES, OPTIONS } from './options.js';
import { FOREVER } from './retention-days.js';
import { masked, traitsOf } from './schemas.js';
import { readSettingsFile, type SettingsFile } from './settings-file.js';

/** What a settings file may set: anything but which file that is. */
const FILE_NAMES = NAMES.filter((name) => name !== 'config');

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

/** The environment without what is meant for this program: for a process that must not be told by it. */
export const withoutOwnVariables = (environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith(PREFIX)));

/** What was given on the command line, by the settings' names. */
export type Flags = Partial<Record<keyof Config, unknown>>;

/** Where a value can come from; each goes over those before it. */
export type Source = 'default' | 'file' | 'environment' | 'flag';

/** A value, and where it comes from. */
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

/** A setting as the user has given it. */
function rawSetting(name: keyof Config, { flags, environment, file }: Sources): Setting {
  if (flags[name] !== undefined) return { value: flags[name], source: 'flag' };
  // A file of variables that was written on Windows leaves the end of its lines behind.
  const variable = environment[variableOf(name)]?.replace(/\r$/, '');
  // An empty variable is how shells and compose files say "not set".
  if (variable) return { value: variable, source: 'environment' };
  if (file && Object.hasOwn(file.values, name)) return { value: file.values[name], source: 'file' };
  return { value: undefined, source: 'default' };
}

/** The setting by the name that the user has set it with. */
const PLACE_OF_SOURCE: Record<Source, (name: keyof Config, file?: SettingsFile) => string> = {
  default: flagOf,
  flag: flagOf,
  environment: variableOf,
  file: (name, file) => `${file?.path}: ${name}`,
};

/** As in the sentence that refuses it. */
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

/** The settings file that `--config` or its variable names, else the one in the working directory. Throws `UserError`. */
export async function findSettingsFile(
  flags: Flags,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<SettingsFile | undefined> {
  const { value } = settingOf('config', { flags, environment });
  return readSettingsFile(value as string | undefined, FILE_NAMES);
}

/**
 * Flags over environment over file over defaults, validated. The only reader of the environment. Throws `UserError`
 * naming the setting that is wrong.
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

/** Both at once. Throws `UserError`. */
export const readConfig = (
  flags: Flags,
  environment: NodeJS.ProcessEnv = process.env,
  file?: SettingsFile,
): Readonly<Config> => configOf(readSettings(flags, environment, file));

/** The settings that people may see: what is secret is masked. Which file they come from is no setting of its own. */
export const shownSettings = (settings: Settings): [keyof Config, Setting][] =>
  FILE_NAMES.map((name) => {
    const { value, source } = settings[name];
    return [name, { value: value === null ? FOREVER : masked(OPTIONS[name].schema, value), source }];
  });

/** What a settings file has set, as variables: for processes that must go by the same, whatever becomes of the file. */
export const asVariables = (settings: Settings): NodeJS.ProcessEnv =>
  Object.fromEntries(
    FILE_NAMES.filter((name) => settings[name].source === 'file').map((name) => {
      const value = settings[name].value ?? FOREVER;
      const isJson = typeof value === 'object' && !Array.isArray(value);
      return [variableOf(name), isJson ? JSON.stringify(value) : String(value)];
    }),
  );

/** One setting of a command that heeds no other, and leaves the settings file alone when it needs nothing from it. */
async function readOne(name: keyof Config, flags: Flags, environment: NodeJS.ProcessEnv): Promise<unknown> {
  const isSet = rawSetting(name, { flags, environment }).source !== 'default';
  const file = isSet ? undefined : await findSettingsFile(flags, environment);
  return settingOf(name, { flags, environment, file }).value;
}

/** What the commands that talk to a server go by. */
export interface ClientConfig {
  url: string;
  key: string | undefined;
  /** False where somebody wants no colours, or the terminal has none. */
  color: boolean;
}

/** The same for a command that talks to a server. Throws `UserError`. */
export async function readClientConfig(
  flags: { url?: string; key?: string; config?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ClientConfig> {
  const url = (await readOne('url', flags, environment)) as string;
  // A key in the file is for the server that the file names.
  const isElsewhere = rawSetting('url', { flags, environment }).source !== 'default';
  const key = isElsewhere
    ? settingOf('key', { flags, environment }).value
    : await readOne('key', flags, environment);
  return { url, key: key as string | undefined, color: !environment.NO_COLOR && environment.TERM !== 'dumb' };
}

/** The file that a command about it is to look at. Throws `UserError`. */
export async function readDatabase(
  flags: { database?: string; config?: string },
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const database = (await readOne('database', flags, environment)) as string;
  if (!isInMemory(database)) return database;
  throw new UserError('A database in memory is seen by its own process only: name a file with --database.');
}

type BackupSettings = Pick<Config, 'backupFolder' | 'backupIntervalHours' | 'backupKeep'>;

/** Undefined where no backups are wanted. */
export const backupPlanOf = (settings: BackupSettings): BackupPlan | undefined =>
  settings.backupFolder === undefined
    ? undefined
    : {
        folder: settings.backupFolder,
        intervalHours: settings.backupIntervalHours,
        keep: settings.backupKeep,
      };

/**
 * The backups that a server is to make of the file that a command is about; undefined where that is another one than the
 * settings are for. Throws `UserError`.
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
