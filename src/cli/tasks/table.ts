import { stripVTControlCharacters } from 'node:util';
import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';

/** No lines: columns alone. */
const CHARS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

interface TableOptions {
  head: string[];
  rows: string[][];
  /** Characters of a line; the last column is cut where it does not fit. */
  columns: number;
  paint: ChalkInstance;
}

const GAP = 2;

/** Characters that the last column has at least. */
const LEAST = 12;

const widthOf = (cell: string): number => [...stripVTControlCharacters(cell)].length;

const clip = (text: string, width: number): string =>
  widthOf(text) > width ? `${[...text].slice(0, width - 1).join('')}…` : text;

/** What is left of a line for the last column. */
function lastWidth({ head, rows, columns }: TableOptions): number {
  const others = head
    .slice(0, -1)
    .map((title, at) => Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(widthOf)));
  return Math.max(LEAST, columns - others.reduce((sum, width) => sum + width + GAP, 0));
}

/** Texts in columns, under their headings. Cells of the last column have no colours. */
export function table(options: TableOptions): string {
  const { head, rows, paint } = options;
  const width = lastWidth(options);
  const style = { 'padding-left': 0, 'padding-right': GAP, head: [], border: [], compact: true };
  const table = new Table({ head: head.map((title) => paint.dim(title)), chars: CHARS, style });
  table.push(...rows.map((row) => [...row.slice(0, -1), clip(row.at(-1) ?? '', width)]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
