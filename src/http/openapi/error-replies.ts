import type { ErrorCode } from '../../domain/spoolite-error.js';
import { problemJson } from '../errors/problem-json.js';
import { PROBLEM_TYPES } from '../errors/problem-types.js';
import { ERROR_GUIDE } from './error-guide.js';
import { schemaRef } from './json-schema.js';
import { LIMIT_HEADERS, type ReplyHeader, replyHeaders } from './reply-headers.js';

const NOW = Date.UTC(2025, 10, 5, 19, 35);

const example = (code: ErrorCode) => ({
  summary: PROBLEM_TYPES[code].title,
  value: JSON.parse(problemJson(ERROR_GUIDE[code].example, NOW, 'c0ffee-1')),
});

/** What is sent with a status besides what every answer has. */
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
        allOf: [schemaRef('Problem'), { type: 'object', properties: { error_code: { enum: codes } } }],
      },
      examples: Object.fromEntries(codes.map((code) => [code, example(code)])),
    },
  },
});

/** The error replies of all routes, each set of codes that share a status once. */
export class ErrorReplies {
  readonly components: Record<string, ReturnType<typeof errorReply>> = {};

  /** The replies with these codes by status, by reference. */
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
