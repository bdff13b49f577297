import type { Figure, Measured, Target } from '../figure.js';
import { median } from '../measure/median.js';

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
