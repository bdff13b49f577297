import type { Filling } from './fill-file.js';

/** Types of {@link longHistory}. */
export const HISTORY_TYPES = ['email', 'export', 'invoice', 'video'];

/** Of a hundred tasks, 77 are over, four run, fourteen are due and five scheduled. */
const STATUS = `case when n % 100 < 14 or n % 100 between 18 and 22 then 'queued'
  when n % 100 between 14 and 17 then 'processing' when n % 100 < 95 then 'completed' else 'failed' end`;
const DUE = 'case when n % 100 < 14 then 1 when n % 100 between 18 and 22 then 0 end';

/** A queue as it looks after `count` tasks of a few types, with work ahead. */
export const longHistory = (count: number): Filling[] => {
  const types = HISTORY_TYPES.map((type, at) => `when ${at} then '${type}'`).join(' ');
  return [{ count, type: `case n / 100 % ${HISTORY_TYPES.length} ${types} end`, status: STATUS, due: DUE }];
};
