/** Round by round, one measurement over another. */
export const ratios = (values: readonly number[], references: readonly number[]): number[] =>
  values.map((value, round) => value / (references[round] ?? Number.NaN));
