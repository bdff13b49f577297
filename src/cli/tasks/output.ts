import type { ChalkInstance } from 'chalk';
import { plainJson } from './plain-text.js';
import { toResource } from './to-resource.js';

interface OutputOptions {
  /** JSON, or text for people. */
  json: boolean;
  /** What colours text; without colours it leaves it as it is. */
  paint: ChalkInstance;
  columns: number;
}

/** Standard output: data as JSON, one value a line, or text for people. Nothing else ever goes there. */
export class Output {
  readonly isJson: boolean;
  readonly paint: ChalkInstance;
  /** Characters that fit on a line. */
  readonly columns: number;

  constructor({ json, paint, columns }: OutputOptions) {
    this.isJson = json;
    this.paint = paint;
    this.columns = columns;
  }

  /** A value as the API has it, on a line of its own; or the text that people get instead. */
  say(value: object, text: (paint: ChalkInstance) => string): void {
    this.write(this.isJson ? plainJson(toResource(value)) : text(this.paint));
  }

  /** Values as an array, a line each; or the text that people get instead. */
  sayAll(values: readonly object[], text: (paint: ChalkInstance) => string): void {
    const lines = values.map((value) => plainJson(toResource(value)));
    this.write(this.isJson ? `[${lines.join(',\n ')}]` : text(this.paint));
  }

  write(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}
