import { ERROR_CODES } from '../../domain/spoolite-error.js';
import { instant, integer, list, resource, text } from './fields.js';
import { checksSchema } from './operating-schemas.js';

const fieldProblem = resource('One thing that is wrong.', {
  pointer: text(
    'Where: a JSON pointer into the body; for a parameter of the path, the query or a header, `/` and its name; empty for the body as a whole.',
  ),
  message: text('What is wrong with it, worded to follow its name.'),
});

/** Every error's body (RFC 9457). */
export const problemSchema = resource(
  'Why a request was refused, or could not be done.',
  {
    type: text('The code as a URN.', { format: 'uri' }),
    title: text('The code in words.'),
    status: integer('The status of the answer.', { minimum: 400, maximum: 599 }),
    detail: text('What happened and what to do, for people.'),
    error_code: text('The code, for programs.', { enum: ERROR_CODES }),
    timestamp: instant('When it happened.'),
    request_id: text('The same as the header `X-Request-Id`.'),
    errors: list('What is wrong with the request, for errors that are about a place in it.', fieldProblem),
    checks: checksSchema,
  },
  ['errors', 'checks'],
);
