import { MAX_KEY_NAME } from '../../domain/api-key.js';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { query } from './query.js';
import { pageCursor, queryInteger } from './query-values.js';
import { Schema } from './schema.js';
import { freeText } from './texts.js';

export const auditListQuery = query({
  task_id: Schema.number()
    .integer()
    .min(1)
    .description('Only what was done to this task by itself.')
    .example(1),
  actor: Schema.string().max(MAX_KEY_NAME).description('Only what this key did.').example('ci'),
  action: Schema.string()
    .max(MAX_KEY_NAME)
    .description('Only what was asked for by this name.')
    .example('cancel'),
  limit: queryInteger(TASK_LIMITS.listLimit).description('Most entries of one page.'),
  cursor: pageCursor(),
});

export const signInBody = Schema.body({
  key: freeText().required().description('The key to sign in with.'),
})
  .meta({ name: 'SignIn' })
  .required();
