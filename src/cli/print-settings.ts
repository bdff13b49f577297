import { Chalk } from 'chalk';
import type { Config } from '../config/options.js';
import {
  type Flags,
  findSettingsFile,
  readSettings,
  type Source,
  shownSettings,
} from '../config/read-config.js';
import { describeOption } from './options.js';
import { plainText } from './output.js';
import { table } from './tables.js';

interface Row {
  name: keyof Config;
  value: unknown;
  source: Source;
}

function shown({ name, value }: Row): string {
  if (value === undefined) return `(${describeOption(name).unset ?? 'not set'})`;
  return plainText(typeof value === 'string' ? value : JSON.stringify(value));
}

function asText(file: string | undefined, rows: Row[]): string {
  const lines = table({
    head: ['SETTING', 'FROM', 'VALUE'],
    rows: rows.map((row) => [row.name, row.source, shown(row)]),
    // Values must not be truncated.
    columns: Number.POSITIVE_INFINITY,
    paint: new Chalk({ level: 0 }),
  });
  return `Settings file: ${file === undefined ? 'none' : plainText(file)}\n\n${lines}`;
}

function asJson(file: string | undefined, rows: Row[]): string {
  const settings = rows.map(({ name, value, source }) => [name, { value: value ?? null, source }]);
  return JSON.stringify({ file: file ?? null, settings: Object.fromEntries(settings) }, null, 2);
}

/** Prints the effective settings, as text or as JSON. Throws `UserError` if they are invalid. */
export async function printSettings(flags: Flags, json: boolean): Promise<void> {
  const file = await findSettingsFile(flags);
  const rows = shownSettings(readSettings(flags, undefined, file)).map(([name, setting]) => ({
    name,
    ...setting,
  }));
  const print = json ? asJson : asText;
  process.stdout.write(`${print(file?.path, rows)}\n`);
}
