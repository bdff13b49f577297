import type { JsonObject } from '../../client/index.js';

export type Parsed = { value: JsonObject } | { problem: string; position: number | null };

/** `line 2, character 5` for a position in a text. */
function placeOf(position: number, text: string): string {
  const lines = text.slice(0, position).split('\n');
  return `line ${lines.length}, character ${(lines.at(-1) as string).length + 1}`;
}

class RoundedNumber extends Error {}

/** Refuses numbers that would be rounded. */
const exact = (_key: string, value: unknown): unknown => {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new RoundedNumber(`A number like ${value} would lose precision: write it as a string, in quotes`);
  return value;
};

function problemOf(error: Error, text: string): Parsed {
  const found = error instanceof RoundedNumber ? null : new JsonScanner(text).scan();
  if (!found) return { problem: error.message, position: null };
  return { ...found, problem: `${found.problem} (${placeOf(found.position, text)})` };
}

/** The JSON object of a text, or its first error with the position. */
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
  return { problem: 'It must be a JSON object: { … }', position: null };
}

/** A syntax error and its position. */
export interface JsonError {
  problem: string;
  position: number;
}

/** Thrown inside the scanner, caught by `scan`. */
class SyntaxProblem extends Error {
  constructor(readonly error: JsonError) {
    super(error.problem);
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const NO_VALUE = 'Expected a value, such as "text", 5, true, null, [ or {';

const SPACE = /[ \t\n\r]*/y;

/** Finds the first syntax error of a JSON text. Engines find it too, but not all report its position. */
export class JsonScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The first error; null without one. */
  scan(): JsonError | null {
    try {
      this.#value();
      this.#space();
      if (this.#at < this.#text.length) this.#fail('Unexpected text after the closing brace');
      return null;
    } catch (error) {
      if (error instanceof SyntaxProblem) return error.error;
      throw error;
    }
  }

  #fail(problem: string, position = this.#at): never {
    throw new SyntaxProblem({ problem, position });
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #space(): void {
    this.#skip(SPACE);
  }

  /** Skips blanks, and the character if it is next; returns whether it was. */
  #takes(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #value(): void {
    if (this.#takes('{')) this.#members('}', () => this.#member());
    else if (this.#takes('[')) this.#members(']', () => this.#value());
    else if (this.#text[this.#at] === '"') this.#string();
    else if (!this.#skip(LITERAL) && !this.#skip(NUMBER)) this.#fail(NO_VALUE);
  }

  #members(end: string, member: () => void): void {
    if (this.#takes(end)) return;
    for (;;) {
      member();
      if (this.#takes(end)) return;
      if (!this.#takes(',')) this.#fail(`Expected a comma or ${end}`);
      this.#space();
      if (this.#text[this.#at] === end) this.#fail(`Unexpected comma before ${end}`);
    }
  }

  #member(): void {
    this.#space();
    if (this.#text[this.#at] !== '"') this.#fail('Expected a property name in double quotes');
    this.#string();
    if (!this.#takes(':')) this.#fail('Expected a colon');
    this.#value();
  }

  #string(): void {
    const start = this.#at;
    this.#at += 1;
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail('This string has no closing quote', start);
      if (character === '"') break;
      if (character < ' ') this.#fail('Line breaks and tabs in a string must be written as \\n and \\t');
      if (character !== '\\') this.#at += 1;
      else if (!this.#skip(ESCAPE))
        this.#fail('A backslash must be followed by " \\ / b f n r t or u and four hex digits');
    }
    this.#at += 1;
  }
}
