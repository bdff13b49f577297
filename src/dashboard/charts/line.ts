/** A line of a chart. */
export interface Line {
  name: string;
  /** Custom property of the style sheets that has its colour. */
  color: string;
  /** One for each point in time; null where there is none. */
  values: (number | null)[];
  /** What is drawn instead, where a value is not final and would look like a drop. */
  drawn?: (number | null)[];
  axis: 'left' | 'right';
  isDashed?: boolean;
  isFilled?: boolean;
  /** The scale reaches to this value at least, so that small ones do not look large. */
  least: number;
  /** What may lie between two marks of its scale; default whatever is round in tens. */
  steps?: readonly number[];
  /** A value, for people. */
  format(value: number): string;
}
