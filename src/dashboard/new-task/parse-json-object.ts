import type { JsonObject } from '../../client/index.js';
import { JsonScanner } from './json-scanner.js';

export type Parsed = { value: JsonObject } | { problem: string; position: number | null };

/** `line 2, character 5` of a place in a text. */
function placeOf(position: number, text: string): string {
  const lines = text.slice(0, position).split('\n');
  return `line ${lines.length}, character ${(lines.at(-1) as string).length + 1}`;
}

class Rounded extends Error {}

/** Refuses what would be sent as another number than was written. */
const exact = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new Rounded(`A number like ${value} would be rounded: write it as text, in quotes`);
  return value;
};

function problemOf(error: Error, text: string): Parsed {
  const found = error instanceof Rounded ? null : new JsonScanner(text).scan();
  if (!found) return { problem: error.message, position: null };
  return { ...found, problem: `${found.problem} (${placeOf(found.position, text)})` };
}

/** The JSON object that a text says, or what is wrong with it and where. */
export function parseJsonObject(text: string): Parsed {
  if (text.trim() === '') return { value: {} };
  let value: unknown;
  try {
    value = JSON.parse(text, exact);
  } catch (error) {
    return problemOf(error as Error, text);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return { value: value as JsonObject };
  return { problem: 'It must be a JSON object, in braces: { … }', position: null };
}
