import { query } from './query.js';
import { Schema } from './schema.js';

export const doctorQuery = query({
  fresh: Schema.boolean()
    .empty('')
    .default(false)
    .description('Do not answer with what is remembered.')
    .example(true),
});
