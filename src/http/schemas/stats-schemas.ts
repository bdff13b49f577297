import type { CustomHelpers } from 'joi';
import { query } from './query.js';
import { queryInteger } from './query-values.js';
import { Schema } from './schema.js';

/** Most spans of one answer. */
const MAX_SPANS = 1440;

/** The history is kept for a week. */
const MAX_MINUTES = 7 * 1440;

export const typeStatsQuery = query({
  limit: queryInteger({ max: 1000, default: 100 }).description('Most types of one page.'),
  after: Schema.string()
    .trim()
    .empty('')
    .description('Only types after this one, in the order of the alphabet.'),
});

interface HistoryQuery {
  minutes: number;
  step: number;
}

export const historyQuery = query({
  minutes: queryInteger({ max: MAX_MINUTES, default: 60 }).description('How far back.'),
  step: queryInteger({ max: 1440, default: 1 }).description('How many minutes are added up to one span.'),
}).custom((value: HistoryQuery, { error }: CustomHelpers) =>
  Math.ceil(value.minutes / value.step) > MAX_SPANS
    ? error('history.spans', { max: MAX_SPANS, pointer: '/step' })
    : value,
);
