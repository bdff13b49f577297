import { FAILURE_REASONS } from '../../domain/task-status.js';
import { integer, nullable, resource, text } from './fields.js';

/** What those get who have done something to many tasks. */
export const bulkOutcomeSchema = resource('How far a bulk change has come.', {
  matched: nullable(integer('How many tasks matched when they were counted; null where a cursor was sent.')),
  failure_reasons: nullable({
    ...resource(
      'Those that matched by the reason for which they have failed; null where other than failed tasks can match too, or a cursor was sent.',
      Object.fromEntries(
        FAILURE_REASONS.map((reason) => [
          reason,
          integer(`How many have failed with the reason \`${reason}\`.`),
        ]),
      ),
    ),
    required: [],
  }),
  cancelled_left_out: nullable(
    integer(
      'Cancelled tasks that match but are left out, as a retry meets them only where `ids` or `failure_reason` name them; null where a cursor was sent.',
    ),
  ),
  done: integer('How many were changed by this request.'),
  cursor: nullable(
    text(
      'To be sent in a request that goes on from here; null when nothing is left, or nothing was to be changed.',
    ),
  ),
  message: text('What has happened, for people.'),
});
