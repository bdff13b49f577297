import type { CustomHelpers, ErrorReport } from 'joi';
import { findJsonProblem } from '../core/json.js';
import { TASK_LIMITS } from '../core/limits.js';
import { hasControl, isLonger, isLongerThan } from '../core/text.js';
import { Schema } from './schema.js';

/**
 * What is a name once it is trimmed, in the regular expressions that every JSON Schema tool has: no control character, and
 * something else than blanks.
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

/** Any text that can be stored, also none. */
export const freeText = () => Schema.string().allow('').custom(wellFormed);

/** The name of a type or of a worker. */
export const name = () =>
  Schema.string()
    .trim()
    .custom(wellFormed)
    .custom(noControl)
    .custom(upToCharacters(TASK_LIMITS.nameLength))
    .meta({ schema: { maxLength: TASK_LIMITS.nameLength, pattern: NAME } });

/** A name to look for, in a query: no value counts as absent, but one of blanks alone does not. */
export const nameFilter = () =>
  Schema.string()
    .empty('')
    .custom((value: string, { error }: CustomHelpers) => value.trim() || error('string.empty'));

/** A text of 1 to so many characters. */
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

/** Any value that can be stored and read back unchanged; null is one. */
export const jsonValue = () => Schema.any().custom(storable);

/** An object that can be stored and read back unchanged. Without keys of its own Joi passes it on untouched. */
export const jsonObject = () => Schema.object().custom(storable);

/** The same, of so many bytes as JSON at most. */
export const smallJsonObject = (max: number) => jsonObject().custom(upToBytes(max));

/** Any value of so many bytes as JSON at most. */
export const smallJsonValue = (max: number) => jsonValue().custom(upToBytes(max));

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
      'Identifies this request, so that sending it again does not create a second task. Printable ASCII, bare or in double quotes; the same as `idempotency_key` in the body.',
    );
