import { LOG_LEVELS } from '../../domain/log-level.js';
import { anything, instant, integer, resource, text } from './fields.js';

/** A line of a task's log. */
export const logEntrySchema = resource('Something that happened to a task, or that its handler said.', {
  log_id: integer('Its number; larger than that of every entry before.', { minimum: 1 }),
  at_utc: instant('When it happened.'),
  level: text('How much it matters.', { enum: LOG_LEVELS }),
  message: text('What happened, for people.'),
  details: anything('Any JSON value that goes with it, or null.'),
  attempt: integer('In which attempt; 0 before the first.'),
});
