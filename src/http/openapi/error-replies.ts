import { checksSchema } from '../../controllers/operating.js';
import { instant, integer, list, resource, text } from '../../controllers/resource-fields.js';
import { named } from '../../controllers/route.js';
import { LIMIT_HEADERS, type ReplyHeader, replyHeaders } from '../../controllers/route-docs.js';
import { ERROR_CODES, type ErrorCode } from '../../core/errors.js';
import { PROBLEM_TYPES, problemJson } from '../errors.js';
import { ERROR_GUIDE } from './error-guide.js';

const NOW = Date.UTC(2025, 10, 5, 19, 35);

const example = (code: ErrorCode) => ({
  summary: PROBLEM_TYPES[code].title,
  value: JSON.parse(problemJson(ERROR_GUIDE[code].example, NOW, 'c0ffee-1')),
});

/** Headers by status, besides those of every reply. */
const STATUS_HEADERS: Readonly<Record<number, ReplyHeader[]>> = {
  401: ['WwwAuthenticate'],
  405: ['Allow'],
  429: ['RetryAfter'],
  503: ['RetryAfter'],
};

/** `LEASE_LOST` → `LeaseLost`. */
const pascal = (code: string): string =>
  code.replace(/(?:^|_)([A-Z])([A-Z]*)/g, (_all, first: string, rest: string) => first + rest.toLowerCase());

const errorReply = (status: number, codes: readonly ErrorCode[]) => ({
  description: codes.map((code) => `\`${code}\`: ${ERROR_GUIDE[code].meaning}`).join('\n\n'),
  headers: replyHeaders([...(STATUS_HEADERS[status] ?? []), ...LIMIT_HEADERS]),
  content: {
    'application/problem+json': {
      schema: {
        allOf: [problemSchema, { type: 'object', properties: { error_code: { enum: codes } } }],
      },
      examples: Object.fromEntries(codes.map((code) => [code, example(code)])),
    },
  },
});

/** The error replies of all routes; each set of codes with one status is in the document once. */
export class ErrorReplies {
  readonly components: Record<string, ReturnType<typeof errorReply>> = {};

  /** The replies with these codes, by status, by reference. */
  of(codes: readonly ErrorCode[]): Record<string, object> {
    const statuses = [...new Set(codes.map((code) => PROBLEM_TYPES[code].status))];
    return Object.fromEntries(
      statuses.map((status) => {
        const those = codes.filter((code) => PROBLEM_TYPES[code].status === status);
        const name = those.map(pascal).join('Or');
        this.components[name] ??= errorReply(status, those);
        return [status, { $ref: `#/components/responses/${name}` }];
      }),
    );
  }
}

const fieldProblem = resource('One thing that is wrong.', {
  pointer: text(
    'Where: a JSON pointer into the body; for a parameter of the path, the query or a header, `/` and its name; empty for the body as a whole.',
  ),
  message: text('What is wrong with it, worded to follow its name.'),
});

/** Every error's body (RFC 9457). */
export const problemSchema = named(
  'Problem',
  resource(
    'Why a request was refused, or failed.',
    {
      type: text('The code as a URN.', { format: 'uri' }),
      title: text('The code in words.'),
      status: integer('The status of the answer.', { minimum: 400, maximum: 599 }),
      detail: text('What happened and what to do, for people.'),
      error_code: text('The code, for programs.', { enum: ERROR_CODES }),
      timestamp: instant('When it happened.'),
      request_id: text('The same as the header `X-Request-Id`.'),
      errors: list('What is wrong with the request, for errors at a particular place in it.', fieldProblem),
      checks: checksSchema,
    },
    ['errors', 'checks'],
  ),
);
