import type { JsonSchema } from '../openapi/json-schema.js';
import { flag, instant, list, nullable, number, resource, text } from './fields.js';

const level: JsonSchema = text(
  '`ok`; `warning`: it works, but somebody should see to it; `problem`: something is wrong.',
  { enum: ['ok', 'warning', 'problem'] },
);

const finding = resource('What was found of one thing.', {
  check: text('What was looked at, in a word or two.'),
  level,
  message: text('What was found, for people.'),
  advice: nullable(text('What to do about it; null where all is well.')),
});

export const examinationSchema = resource('What an examination of the database has found.', {
  level: nullable({ ...level, description: 'The worst of all levels; null before anything was examined.' }),
  running: flag('Whether an examination is under way: ask again for what it will find.'),
  examined_at_utc: nullable(instant('When these findings were taken; null before anything was examined.')),
  took_seconds: nullable(number('How long that took.')),
  findings: list('A line for each thing that was looked at.', finding),
});
