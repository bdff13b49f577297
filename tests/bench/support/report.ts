import { appendFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Figure, type Measured, median, type Target } from './figure.js';

/** What one line of the table and one line of the results file say. */
export interface ResultRow {
  figure: string;
  what: string;
  unit: string;
  median: number;
  least: number;
  most: number;
  samples: readonly number[];
  /** Of a ratio: the medians of what was divided by what, in `of`. */
  ours?: number;
  reference?: number;
  of?: string;
  target?: Target;
  met?: boolean;
}

const isMet = (value: number, target: Target): boolean =>
  'atLeast' in target ? value >= target.atLeast : value <= target.atMost;

export function resultRow({ name }: Figure, { what, unit, samples, compared, target }: Measured): ResultRow {
  const middle = median(samples);
  return {
    figure: name,
    what,
    unit,
    median: middle,
    least: Math.min(...samples),
    most: Math.max(...samples),
    samples,
    ...(compared && {
      ours: median(compared.ours),
      reference: median(compared.reference),
      of: compared.unit,
    }),
    ...(target && { target, met: isMet(middle, target) }),
  };
}

const HEADINGS = ['figure', 'measured', 'median', 'spread', 'ours', 'reference', 'target', ''];

/** Three digits that count, thousands set apart. */
const shown = (value: number): string =>
  value.toLocaleString('en', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });

const shownTarget = (target: Target): string =>
  'atLeast' in target ? `≥ ${shown(target.atLeast)}` : `≤ ${shown(target.atMost)}`;

const cells = (row: ResultRow): string[] => [
  row.figure,
  row.what,
  `${shown(row.median)} ${row.unit}`,
  `${shown(row.least)}–${shown(row.most)}`,
  ...[row.ours, row.reference].map((value) => (value === undefined ? '' : `${shown(value)} ${row.of}`)),
  row.target ? shownTarget(row.target) : '',
  row.met === undefined ? '' : row.met ? 'met' : 'MISSED',
];

/** The results as a table of text. */
export function table(rows: readonly ResultRow[]): string {
  const lines = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Results as JSON lines, one file per run; the first line says where they were measured. */
export class ResultsFile {
  readonly path: string;

  constructor(folder: string, plan: object) {
    const startedAt = new Date().toISOString();
    this.path = join(folder, `${startedAt.replaceAll(':', '-')}.jsonl`);
    this.#append({ startedAt, node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, plan });
  }

  add(row: ResultRow): void {
    this.#append(row);
  }

  #append(line: object): void {
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }
}

/** Says on standard error what is being done: one line that changes on a terminal, else a line each. */
export class Progress {
  readonly #start = performance.now();

  say(text: string): void {
    const seconds = Math.round((performance.now() - this.#start) / 1000);
    const line = `[${seconds} s] ${text}`;
    process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  }
}
