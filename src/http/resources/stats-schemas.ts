import type { JsonSchema } from '../openapi/json-schema.js';
import { instant, integer, nullable, number, resource, text } from './fields.js';

const counts = {
  total_tasks: integer('All of them; always the sum of the four.'),
  queued_tasks: integer('Those queued, scheduled ones too.'),
  processing_tasks: integer('Those being worked on.'),
  completed_tasks: integer('Those completed that are still kept.'),
  failed_tasks: integer('Those failed that are still kept.'),
};

export const queueStatsSchema = resource('How many tasks there are, exact at every moment.', {
  ...counts,
  oldest_queued_age_seconds: nullable(
    number('Seconds since the oldest queued task was enqueued; null when none is queued.'),
  ),
});

export const dueStatsSchema = resource('How long due tasks wait.', {
  oldest_due_age_seconds: nullable(
    number('Seconds for which the task has been due that has waited longest; null when none is due.'),
  ),
});

export const typeStatsSchema = resource('How many tasks of one type there are, and what they take.', {
  type: text('The type.'),
  ...counts,
  usual_wait_seconds: nullable(
    number('What its tasks usually wait from due to claimed; null before any was.'),
  ),
  usual_run_seconds: nullable(
    number('What they usually run from claimed to completed; null before any was.'),
  ),
});

const seconds = (percent: number): JsonSchema =>
  nullable(number(`${percent} in a hundred took no longer; null when there were none.`));

const percentiles = (description: string): JsonSchema =>
  resource(description, { p50: seconds(50), p95: seconds(95), p99: seconds(99) });

export const historySpanSchema = resource('What happened in a span of minutes.', {
  minute_utc: instant('When the span begins.'),
  enqueued: integer('Tasks enqueued.'),
  started: integer('Attempts begun.'),
  completed: integer('Tasks completed.'),
  failed: integer('Tasks failed.'),
  wait_seconds: percentiles('From due to claimed, of the attempts begun.'),
  run_seconds: percentiles('From claimed to completed, of the tasks completed.'),
});
