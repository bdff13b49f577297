import type { CustomHelpers, ErrorReport } from 'joi';
import { SpooliteError } from '../core/errors.js';
import { findJsonProblem } from '../core/json.js';
import { TASK_LIMITS, TEXT_LIMITS } from '../core/limits.js';
import { hasControl, isLonger, isLongerThan } from '../core/text.js';
import { Schema } from './schema.js';

/**
 * The rules of a trimmed name, as regular expressions that every JSON Schema tool supports: no control character, and
 * at least one non-blank.
 */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f';
const NAME = `^\\s*[^\\s${CONTROLS}](?:[^${CONTROLS}]*[^\\s${CONTROLS}])?\\s*$`;

const wellFormed = (value: string, { error }: CustomHelpers): string | ErrorReport =>
  value.isWellFormed() ? value : error('text.surrogate');

const upToCharacters =
  (max: number) =>
  (value: string, { error }: CustomHelpers): string | ErrorReport =>
    isLonger(value, max) ? error('text.length', { max }) : value;

const noControl = (value: string, { error }: CustomHelpers): string | ErrorReport =>
  hasControl(value) ? error('text.control') : value;

/** Any text that can be stored, even an empty one. */
export const freeText = () => Schema.string().allow('').custom(wellFormed);

/** The name of a type or of a worker. */
export const name = () =>
  Schema.string()
    .trim()
    .custom(wellFormed)
    .custom(noControl)
    .custom(upToCharacters(TASK_LIMITS.nameLength))
    .meta({ schema: { maxLength: TASK_LIMITS.nameLength, pattern: NAME } });

/** A name in a query; an empty value counts as absent, blanks alone do not. */
export const nameFilter = () =>
  Schema.string()
    .empty('')
    .custom((value: string, { error }: CustomHelpers) => value.trim() || error('string.empty'));

export const shortText = (maxLength: number) =>
  Schema.string().custom(wellFormed).custom(upToCharacters(maxLength)).meta({ schema: { maxLength } });

function storable<T>(value: T, { error }: CustomHelpers): T | ErrorReport {
  const problem = findJsonProblem(value);
  return problem ? error('json.problem', { ...problem }) : value;
}

const upToBytes =
  (max: number) =>
  <T>(value: T, { error }: CustomHelpers): T | ErrorReport =>
    isLongerThan(JSON.stringify(value), max) ? error('json.size', { max }) : value;

/** Any value that can be stored and read back unchanged, including null. */
export const jsonValue = () => Schema.any().custom(storable);

/** An object that can be stored and read back unchanged. Without declared keys Joi passes it on untouched. */
export const jsonObject = () => Schema.object().custom(storable);

/** The same, with at most `max` bytes as JSON. */
export const smallJsonObject = (max: number) => jsonObject().custom(upToBytes(max));

/** Any value of at most `max` bytes as JSON. */
export const smallJsonValue = (max: number) => jsonValue().custom(upToBytes(max));

/** Throws VALIDATION_FAILED if the JSON text of a payload or result is too large. */
export function requireValueFits(json: string, pointer: string): void {
  const { value: max } = TEXT_LIMITS;
  if (!isLongerThan(json, max)) return;
  const message = `must not have more than ${max} bytes as JSON`;
  throw new SpooliteError('VALIDATION_FAILED', `The request is not valid: ${pointer}: ${message}`, [
    { pointer, message },
  ]);
}

/** A string of RFC 9651: printable ASCII in double quotes, quote and backslash escaped. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
/** Without commas: a repeated header arrives joined by one. */
const BARE = /^[!#-+\--~](?:[ !#-+\--~]*[!#-+\--~])?$/;

const unquote = (value: string): string | null => {
  const quoted = QUOTED.exec(value)?.[1];
  if (quoted !== undefined) return quoted.replace(/\\(.)/g, '$1');
  return BARE.test(value) ? value : null;
};

export const idempotencyKeyHeader = () =>
  Schema.string()
    .custom((value: string, { error }: CustomHelpers): string | ErrorReport => {
      const max = TASK_LIMITS.idempotencyKeyLength;
      const key = unquote(value);
      return key && key.length <= max ? key : error('key.header', { max });
    })
    .description(
      'Identifies this request, so that sending it again does not create a second task. Printable ASCII, bare or in double quotes; the same as `idempotency_key` in the body.',
    );
