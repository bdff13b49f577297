import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { UserError } from '../core/errors.js';
import { nearestName } from '../core/text.js';
import { JsonScan } from './json-scan.js';

/** The content of a settings file, by the settings' names; not validated yet. */
export interface SettingsFile {
  /** As named by the user, or found. */
  path: string;
  values: Readonly<Record<string, unknown>>;
}

/** The names searched for if no file is given. */
export const SETTINGS_FILES = [
  'spoolite.config.json',
  'spoolite.config.yaml',
  'spoolite.config.yml',
] as const;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The file in a folder; undefined if there is none. Two would be ambiguous. */
function fileIn(folder: string): string | undefined {
  const [first, ...others] = SETTINGS_FILES.map((name) => join(folder, name)).filter(isFile);
  if (others.length === 0) return first;
  throw new UserError(
    `There is more than one settings file, ${[first, ...others].join(' and ')}: keep one, or name it with --config.`,
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError(`The settings file ${path} does not exist.`);
    if (code === 'EISDIR') throw new UserError(`${path} is not a file: name the settings file itself.`);
    throw new UserError(`The settings file ${path} cannot be read (${code}).`);
  }
}

function refuseUnknown({ path, values }: SettingsFile, names: readonly string[]): void {
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const advice =
    nearest === undefined ? '"spoolite help config" lists the settings.' : `did you mean "${nearest}"?`;
  throw new UserError(`${path}: unknown setting ${JSON.stringify(unknown)}: ${advice}`);
}

/**
 * Reads the given settings file, else the one in the working directory; undefined if there is none. `names` are the
 * known settings. Throws `UserError` with the problem and its position.
 */
export async function readSettingsFile(
  named: string | undefined,
  names: readonly string[],
): Promise<SettingsFile | undefined> {
  const path = named ?? fileIn('.');
  if (path === undefined) return undefined;
  const file = { path, values: await parseSettings(path, textOf(path)) };
  refuseUnknown(file, names);
  return file;
}

type Values = Record<string, unknown>;

/** `line 3, column 5` of an offset. */
function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

/** A problem in the text at an offset. */
class SettingsSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function fromJson(text: string): unknown {
  const { problem: misprint } = new JsonScan(text);
  if (misprint) throw new SettingsSyntaxError(misprint.message, misprint.offset);
  return JSON.parse(text);
}

async function fromYaml(text: string): Promise<unknown> {
  // Loaded on demand: most have no such file, and every command starts here.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new SettingsSyntaxError(problem.message.split('\n', 1)[0] as string, problem.pos[0]);
  // An empty file sets nothing.
  return document.toJS() ?? {};
}

const PARSERS: Record<string, (text: string) => unknown> = {
  '.json': fromJson,
  '.yaml': fromYaml,
  '.yml': fromYaml,
};

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The object in a settings file, in the language of its file extension. Throws `UserError` with the position of a
 * problem.
 */
export async function parseSettings(path: string, text: string): Promise<Values> {
  const parse = PARSERS[extname(path)];
  if (!parse) throw new UserError(`The settings file ${path} must end in .json, .yaml or .yml.`);
  try {
    const values = await parse(text);
    if (isObject(values)) return values;
  } catch (error) {
    if (!(error instanceof SettingsSyntaxError))
      throw new UserError(`${path} cannot be read: ${reasonOf(error)}.`);
    throw new UserError(`${path}, ${placeOf(text, error.offset)}: ${error.message.replace(/\.$/, '')}.`);
  }
  throw new UserError(`${path} must hold settings by their names, such as {"port":8080}.`);
}

/** Other errors of the YAML parser, such as for aliases that multiply without end. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
