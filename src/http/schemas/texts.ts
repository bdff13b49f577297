import type { CustomHelpers, ErrorReport } from 'joi';
import { hasControl, isLonger } from '../../domain/names.js';
import { TASK_LIMITS } from '../../domain/task-limits.js';
import { Schema } from './schema.js';

/**
 * What is a name once it is trimmed, in the regular expressions that every JSON Schema tool has: no control character, and
 * something else than blanks.
 */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f';
const NAME = `^\\s*[^\\s${CONTROLS}](?:[^${CONTROLS}]*[^\\s${CONTROLS}])?\\s*$`;

const wellFormed = (value: string, { error }: CustomHelpers): string | ErrorReport =>
  value.isWellFormed() ? value : error('text.surrogate');

const upTo =
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
    .custom(upTo(TASK_LIMITS.nameLength))
    .meta({ schema: { maxLength: TASK_LIMITS.nameLength, pattern: NAME } });

/** A name to look for, in a query: no value counts as absent, but one of blanks alone does not. */
export const nameFilter = () =>
  Schema.string()
    .empty('')
    .custom((value: string, { error }: CustomHelpers) => value.trim() || error('string.empty'));

export const idempotencyKey = () =>
  Schema.string()
    .custom(wellFormed)
    .custom(upTo(TASK_LIMITS.idempotencyKeyLength))
    .meta({ schema: { maxLength: TASK_LIMITS.idempotencyKeyLength } });
