import { SCOPES } from '../../domain/scope.js';
import { flag, instant, integer, list, nullable, object, resource, text } from './fields.js';

/** A line of the audit log. */
export const auditEntrySchema = resource('Something that somebody changed, or asked to.', {
  audit_id: integer('Its number; larger than that of every entry before.', { minimum: 1 }),
  at_utc: instant('When it was stored.'),
  actor: text('The name of the key; `anonymous` without one; `cli:` and a user for a command on the file.'),
  address: nullable(text('Where the request came from; null for a command on the file.')),
  request_id: nullable(text('The id of the request; null for a command on the file.')),
  action: text('What was asked for.', { examples: ['enqueue', 'cancel', 'retry', 'keys.create'] }),
  task_id: nullable(integer('The task, where it is about one.', { minimum: 1 })),
  outcome: text('What came of it.', { examples: ['created', 'cancelled', 'already completed'] }),
  details: nullable(object('Whatever else there is to tell, such as how many tasks a batch had.')),
});

export const sessionSchema = resource('Who a browser is signed in as.', {
  key_required: flag('Whether this server asks for a key.'),
  name: nullable(text('The name of the key; null where none is needed, or none is good.')),
  scopes: list('What may be done.', text('A scope.', { enum: SCOPES })),
  sees_payloads: flag('Whether payloads and results are shown.'),
});
