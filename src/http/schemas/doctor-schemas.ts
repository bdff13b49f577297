import { Schema } from './schema.js';

export const doctorQuery = Schema.object({
  fresh: Schema.boolean()
    .empty('')
    .default(false)
    .description('Do not answer with what is remembered.')
    .example(true),
}).unknown();
