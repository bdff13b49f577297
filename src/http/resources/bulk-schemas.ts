import { integer, nullable, resource, text } from './fields.js';

/** What those get who have done something to many tasks. */
export const bulkOutcomeSchema = resource('How far a bulk change has come.', {
  matched: nullable(integer('How many tasks matched when they were counted; null where a cursor was sent.')),
  done: integer('How many were changed by this request.'),
  cursor: nullable(
    text(
      'To be sent in a request that goes on from here; null when nothing is left, or nothing was to be changed.',
    ),
  ),
  message: text('What has happened, for people.'),
});
