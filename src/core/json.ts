export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

/** Deepest nesting of objects and arrays that is stored. */
export const MAX_JSON_DEPTH = 100;

/** What is wrong with a value, and where (RFC 6901 pointer from the value's root). */
export interface JsonProblem {
  pointer: string;
  message: string;
}

function scalarProblem(value: unknown): string | null {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? null : 'text contains half of a surrogate pair, which UTF-8 cannot hold';
    case 'number':
      return Number.isFinite(value) ? null : 'number is not finite or too large for JSON';
    case 'boolean':
      return null;
    case 'object':
      return null;
    default:
      return `a ${typeof value} cannot be stored as JSON`;
  }
}

function childProblem(key: string | number, child: unknown, path: (string | number)[]): string | null {
  path.push(key);
  const message = problemIn(child, path);
  if (!message) path.pop();
  return message;
}

/** The problem in `value`, or null; `path` then leads from the root to it. Recursion is bounded by the depth limit. */
function problemIn(value: unknown, path: (string | number)[]): string | null {
  if (typeof value !== 'object' || value === null) return scalarProblem(value);
  if (path.length >= MAX_JSON_DEPTH) return `nested deeper than ${MAX_JSON_DEPTH} levels`;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const message = childProblem(index, value[index], path);
      if (message) return message;
    }
    return null;
  }
  for (const key of Object.keys(value)) {
    if (!key.isWellFormed()) return 'a key contains half of a surrogate pair';
    const message = childProblem(key, value[key as keyof typeof value], path);
    if (message) return message;
  }
  return null;
}

/** The first reason why `value` cannot be stored and read back unchanged, or null. */
export function findJsonProblem(value: unknown): JsonProblem | null {
  const path: (string | number)[] = [];
  const message = problemIn(value, path);
  return message ? { pointer: jsonPointer(path), message } : null;
}

const escapeSegment = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The RFC 6901 pointer for these keys and indexes. */
export const jsonPointer = (path: readonly (string | number)[]): string =>
  path.map((segment) => `/${escapeSegment(String(segment))}`).join('');

/** JSON text with sorted keys and no spaces: two values are equal exactly if their canonical texts are. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as JsonValue)}`);
  return `{${members.join(',')}}`;
}
