import { SpooliteError } from '../domain/spoolite-error.js';
import { validationFailed } from './errors/validation-failed.js';
import { findUnsafeInteger } from './unsafe-integer.js';

const malformed = (message: string): SpooliteError => new SpooliteError('MALFORMED_JSON', message);

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw malformed('The body is not valid UTF-8');
  }
}

/** What the parser says of the place, as far as it does. */
function whereIn(text: string, { message }: Error): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const atEnd =
    position === undefined ? message.includes('end of JSON input') : Number(position) >= text.length;
  if (atEnd) return ': it ends too early';
  return position === undefined ? '' : ` at character ${Number(position) + 1}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(`The body is not valid JSON${whereIn(text, error as Error)}`);
  }
}

/**
 * The value of a JSON body. Throws MALFORMED_JSON, or VALIDATION_FAILED for an integer that JavaScript cannot hold,
 * since after parsing nobody could tell.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  const unsafe = findUnsafeInteger(text, value);
  if (unsafe) throw validationFailed([unsafe]);
  return value;
}
