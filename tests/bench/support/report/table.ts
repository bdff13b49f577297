import type { Target } from '../figure.js';
import type { ResultRow } from './result-row.js';

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
