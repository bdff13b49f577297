import type { Measured, Target } from '../figure.js';
import { ratios } from './ratios.js';

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
