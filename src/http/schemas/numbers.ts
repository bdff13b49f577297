import { POLL_LIMITS } from '../../domain/poll-limits.js';
import { Schema } from './schema.js';

interface Range {
  min?: number;
  max: number;
  default?: number;
}

/** A number of a JSON body: text is not converted. */
export const number = ({ min = 0, max }: Range) => Schema.number().strict().min(min).max(max);

/** An integer of a JSON body: text is not converted. */
export const integer = (range: Range) => number(range).integer().default(range.default);

/** An integer in a query; no value counts as absent. */
export const queryInteger = ({ min = 1, max, default: absent }: Range) =>
  Schema.number().integer().min(min).max(max).empty('').default(absent);

/** Seconds to wait, in a query; no value counts as absent. */
export const queryWait = () => Schema.number().min(0).max(POLL_LIMITS.waitSeconds.max).empty('');
