import type { JsonObject } from '../../client/index.js';

export type Parsed = { value: JsonObject } | { problem: string; position: number | null };

/** Where in the text an engine found the error; not all of them say. */
function positionOf(message: string, text: string): number | null {
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset !== undefined) return Number(offset);
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line !== undefined && column !== undefined) {
    const before = text.split('\n').slice(0, Number(line) - 1);
    return before.reduce((sum, { length }) => sum + length + 1, 0) + Number(column) - 1;
  }
  return /end of (JSON|data)|Unexpected end/.test(message) ? text.length : null;
}

/** `line 2, character 5` of a place in a text. */
function placeOf(position: number, text: string): string {
  const lines = text.slice(0, position).split('\n');
  return `line ${lines.length}, character ${(lines.at(-1) as string).length + 1}`;
}

/** What the engine says of it, without the text and the place that it repeats. */
const wordsOf = (message: string): string =>
  message
    .replace(/^JSON\.parse: /, '')
    .replace(/,? "?(\.\.\.)?.*" is not valid JSON$|,? \.\.\.".*$/s, '')
    .replace(/( in JSON)? at (position|line) .*$/s, '');

class Rounded extends Error {}

/** Refuses what would be sent as another number than was written. */
const exact = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new Rounded(`A number like ${value} would be rounded: write it as text, in quotes`);
  return value;
};

/** The JSON object that a text says, or what is wrong with it and where. */
export function parseJsonObject(text: string): Parsed {
  if (text.trim() === '') return { value: {} };
  try {
    const value = JSON.parse(text, exact);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value };
    return { problem: 'It must be a JSON object, in braces: { … }', position: null };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof Rounded) return { problem: message, position: null };
    const position = positionOf(message, text);
    const place = position === null ? '' : ` (${placeOf(position, text)})`;
    return { problem: `${wordsOf(message)}${place}`, position };
  }
}
