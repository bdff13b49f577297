import { MAX_JSON_DEPTH } from '../core/json.js';

/** A problem in a text, and its offset. */
interface SyntaxProblem {
  message: string;
  offset: number;
}

const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const SCALAR = new RegExp(
  `${STRING.source}|-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false|null`,
  'uy',
);
const SPACE = /[ \t\r\n]*/y;
const [OPEN, CLOSE, FIRST, LAST, COLON, COMMA] = [/\{/y, /\}/y, /\[/y, /\]/y, /:/y, /,/y];

/**
 * Finds where a text stops being JSON, or repeats a name. `JSON.parse` reports neither: its errors have no position,
 * and of two equal names the last one wins.
 */
export class JsonScan {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #duplicate: SyntaxProblem | undefined;
  /** Undefined if the text is valid. */
  readonly problem: SyntaxProblem | undefined;

  constructor(text: string) {
    this.#text = text;
    const isJson = this.#value() && this.#isAtEnd();
    this.problem = isJson ? this.#duplicate : { message: 'this is not JSON', offset: this.#at };
  }

  #isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at === this.#text.length;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  /** Skips the token, if it is next. */
  #takes(token: RegExp): boolean {
    this.#skipSpace();
    token.lastIndex = this.#at;
    if (!token.test(this.#text)) return false;
    this.#at = token.lastIndex;
    return true;
  }

  #value(): boolean {
    if (this.#takes(SCALAR)) return true;
    if (this.#depth >= MAX_JSON_DEPTH) return false;
    const names = new Set<string>();
    if (this.#takes(OPEN)) return this.#items(() => this.#member(names), CLOSE);
    return this.#takes(FIRST) && this.#items(() => this.#value(), LAST);
  }

  #items(item: () => boolean, end: RegExp): boolean {
    if (this.#takes(end)) return true;
    this.#depth++;
    do {
      if (!item()) return false;
    } while (this.#takes(COMMA));
    this.#depth--;
    return this.#takes(end);
  }

  #member(names: Set<string>): boolean {
    this.#skipSpace();
    const offset = this.#at;
    if (!this.#takes(STRING)) return false;
    const name: string = JSON.parse(this.#text.slice(offset, this.#at));
    if (names.has(name)) this.#duplicate ??= { message: `${JSON.stringify(name)} appears twice`, offset };
    names.add(name);
    return this.#takes(COLON) && this.#value();
  }
}
