import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nearestName } from '../domain/nearest-name.js';
import { StartupError } from '../domain/startup-error.js';
import { parseSettings } from './parse-settings.js';

/** What a settings file says, by the settings' names; not looked at yet. */
export interface SettingsFile {
  /** As it was named, or found. */
  path: string;
  values: Readonly<Record<string, unknown>>;
}

/** What is looked for where no file is named. */
export const SETTINGS_FILES = [
  'spoolite.config.json',
  'spoolite.config.yaml',
  'spoolite.config.yml',
] as const;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The file in a folder; undefined where there is none. Two would leave open which one counts. */
function fileIn(folder: string): string | undefined {
  const [first, ...others] = SETTINGS_FILES.map((name) => join(folder, name)).filter(isFile);
  if (others.length === 0) return first;
  throw new StartupError(
    `There is more than one settings file, ${[first, ...others].join(' and ')}: keep one, or name it with --config.`,
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new StartupError(`The settings file ${path} does not exist.`);
    if (code === 'EISDIR') throw new StartupError(`${path} is not a file: name the settings file itself.`);
    throw new StartupError(`The settings file ${path} cannot be read (${code}).`);
  }
}

function refuseUnknown({ path, values }: SettingsFile, names: readonly string[]): void {
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestName(unknown, names);
  const advice =
    nearest === undefined ? '"spoolite help config" shows which there are.' : `did you mean "${nearest}"?`;
  throw new StartupError(`${path}: unknown setting ${JSON.stringify(unknown)}: ${advice}`);
}

/**
 * Reads the settings file that is named, else the one in the working directory; undefined where there is none. `names`
 * are the settings there are. Throws `StartupError` saying what is wrong with it and where.
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
