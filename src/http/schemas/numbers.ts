import { Schema } from './schema.js';

export interface Range {
  min?: number;
  max: number;
  default?: number;
}

/** A number of a JSON body: text is not converted. */
export const number = ({ min = 0, max }: Range) => Schema.number().strict().min(min).max(max);

/** An integer of a JSON body: text is not converted. */
export const integer = (range: Range) => number(range).integer().default(range.default);
