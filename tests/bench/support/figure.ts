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
