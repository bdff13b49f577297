import type { Bench } from './bench.js';

/** What a figure should be, after its unit. */
export type Target = { atLeast: number } | { atMost: number };

/** One line of the table. */
export interface Measured {
  what: string;
  /** `×` for a ratio to a reference of the same run. */
  unit: string;
  /** One value per round; the table shows their median and spread. */
  samples: readonly number[];
  /** Of a ratio: what was divided by what. */
  compared?: { ours: readonly number[]; reference: readonly number[]; unit: string };
  target?: Target | undefined;
}

/** Something measured, in a file of its own under `figures/`. */
export interface Figure {
  /** What `--only` goes by. */
  name: string;
  /** What is compared with what, in a sentence. */
  about: string;
  /** True for one that takes minutes: it runs only when named. */
  long?: boolean;
  /** True for one that other queues are measured for: it runs only when named or with `--peers`. */
  peers?: boolean;
  run(bench: Bench): Promise<Measured[]>;
}

interface Compared {
  what: string;
  ours: readonly number[];
  reference: readonly number[];
  /** The unit of both. */
  of: string;
  target?: Target;
}

/** A line of the table that sets something of ours against a reference of the same run. */
export const ratioRow = ({ what, ours, reference, of, target }: Compared): Measured => ({
  what,
  unit: '×',
  samples: ratios(ours, reference),
  compared: { ours, reference, unit: of },
  target,
});

/** Round by round, one measurement over another. */
export const ratios = (values: readonly number[], references: readonly number[]): number[] =>
  values.map((value, round) => value / (references[round] ?? Number.NaN));

/** The middle of the samples; of an even number, the mean of the middle two. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The sample that `share` of all are no larger than. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
