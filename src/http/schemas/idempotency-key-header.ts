import type { CustomHelpers, ErrorReport } from 'joi';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { Schema } from './schema.js';

/** A string of RFC 9651: printable ASCII in double quotes, quote and backslash escaped. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
/** No comma: a header that was sent twice arrives joined by one. */
const BARE = /^[!#-+\--~](?:[ !#-+\--~]*[!#-+\--~])?$/;

const unquote = (value: string): string | null => {
  const quoted = QUOTED.exec(value)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return BARE.test(value) ? value : null;
};

/** The key in the header, quoted or bare. */
export const idempotencyKeyHeader = () =>
  Schema.string()
    .custom((value: string, { error }: CustomHelpers): string | ErrorReport => {
      const max = TASK_LIMITS.idempotencyKeyLength;
      const key = unquote(value);
      return key && key.length <= max ? key : error('key.header', { max });
    })
    .description(
      'Your name for this enqueue, so that sending it again does not make a second task. Printable ASCII, bare or in double quotes; the same as `idempotency_key` in the body.',
    );
