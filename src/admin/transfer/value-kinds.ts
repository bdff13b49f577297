import { formatInstant, parseInstant } from '../../core/instant.js';
import { canonicalJson, findJsonProblem, type JsonObject, type JsonValue } from '../../core/json.js';

/** The form of a value in a line: `write` serializes it; `read` parses it, or throws what it should be. */
export interface ValueKind<T> {
  write(value: T): unknown;
  read(found: unknown): T;
}

/** What a value should be, worded to follow "must be". */
export class UnexpectedValue extends Error {}

const unchanged = (value: unknown): unknown => value;

const CONTROL = /\p{Cc}/u;

export const integer = (min: number, max: number): ValueKind<number> => ({
  write: unchanged,
  read(found) {
    if (Number.isSafeInteger(found) && (found as number) >= min && (found as number) <= max)
      return found as number;
    throw new UnexpectedValue(max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`);
  },
});

export const number = (min: number, max: number): ValueKind<number> => ({
  write: unchanged,
  read(found) {
    if (typeof found === 'number' && found >= min && found <= max) return found;
    throw new UnexpectedValue(`a number from ${min} to ${max}`);
  },
});

/** Any text that can be stored, even an empty one. */
export const text: ValueKind<string> = {
  write: unchanged,
  read(found) {
    if (typeof found === 'string' && found.isWellFormed()) return found;
    throw new UnexpectedValue('text');
  },
};

/** A text of 1 to `max` Unicode characters; as a name, without control characters. */
export const shortText = (max: number, { isName = false } = {}): ValueKind<string> => ({
  write: unchanged,
  read(found) {
    const value = typeof found === 'string' && found.isWellFormed() ? found : '';
    const { length } = [...value];
    if (length >= 1 && length <= max && !(isName && CONTROL.test(value))) return value;
    throw new UnexpectedValue(`text of 1 to ${max} characters${isName ? ' without control characters' : ''}`);
  },
});

export const oneOf = <T extends string>(values: readonly T[]): ValueKind<T> => ({
  write: unchanged,
  read(found) {
    if (values.includes(found as T)) return found as T;
    throw new UnexpectedValue(`one of ${values.join(', ')}`);
  },
});

export const flag: ValueKind<boolean> = {
  write: unchanged,
  read(found) {
    if (typeof found === 'boolean') return found;
    throw new UnexpectedValue('true or false');
  },
};

export const instant: ValueKind<number> = {
  write: formatInstant,
  read(found) {
    const value = typeof found === 'string' ? parseInstant(found) : null;
    if (value !== null) return value;
    throw new UnexpectedValue('an instant such as 2025-11-05T19:35:00.000Z');
  },
};

function storable(found: unknown): JsonValue {
  const problem = findJsonProblem(found);
  if (problem) throw new UnexpectedValue(`JSON that can be stored: ${problem.message}`);
  return found as JsonValue;
}

/** JSON text of any value. */
export const json: ValueKind<string> = {
  write: JSON.parse,
  read: (found) => JSON.stringify(storable(found)),
};

const object = (found: unknown): JsonObject => {
  if (typeof found === 'object' && found !== null && !Array.isArray(found))
    return storable(found) as JsonObject;
  throw new UnexpectedValue('an object');
};

/** JSON text of an object. */
export const jsonObject: ValueKind<string> = {
  write: JSON.parse,
  read: (found) => JSON.stringify(object(found)),
};

/** The same in canonical form. */
export const canonicalObject: ValueKind<string> = {
  write: JSON.parse,
  read: (found) => canonicalJson(object(found)),
};

export const orNull = <T>(kind: ValueKind<T>): ValueKind<T | null> => ({
  write: (value) => (value === null ? null : kind.write(value)),
  read(found) {
    if (found === null) return null;
    try {
      return kind.read(found);
    } catch (error) {
      throw error instanceof UnexpectedValue ? new UnexpectedValue(`${error.message}, or null`) : error;
    }
  },
});
