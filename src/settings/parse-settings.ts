import { extname } from 'node:path';
import { StartupError } from '../domain/startup-error.js';
import { JsonScan } from './json-scan.js';

type Values = Record<string, unknown>;

/** `line 3, column 5` of what stands at an offset. */
function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

/** Something wrong in the text at an offset. */
class Misprint extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

function fromJson(text: string): unknown {
  const { misprint } = new JsonScan(text);
  if (misprint) throw new Misprint(misprint.message, misprint.offset);
  return JSON.parse(text);
}

async function fromYaml(text: string): Promise<unknown> {
  // Loaded when it is wanted: most have no such file, and every command starts here.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw new Misprint(problem.message.split('\n', 1)[0] as string, problem.pos[0]);
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

/** The object that a settings file holds, in the language that its name ends with. Throws `StartupError` saying where it is wrong. */
export async function parseSettings(path: string, text: string): Promise<Values> {
  const parse = PARSERS[extname(path)];
  if (!parse) throw new StartupError(`The settings file ${path} must end in .json, .yaml or .yml.`);
  try {
    const values = await parse(text);
    if (isObject(values)) return values;
  } catch (error) {
    if (!(error instanceof Misprint)) throw new StartupError(`${path} cannot be read: ${reasonOf(error)}.`);
    throw new StartupError(`${path}, ${placeOf(text, error.offset)}: ${error.message.replace(/\.$/, '')}.`);
  }
  throw new StartupError(`${path} must hold settings by their names, such as {"port":8080}.`);
}

/** What else the parser of YAML refuses, such as aliases that multiply without end. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
