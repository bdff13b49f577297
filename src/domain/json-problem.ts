import { jsonPointer } from './json-pointer.js';

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

/**
 * The first reason why `value` cannot be stored and read back unchanged, or null.
 * Walks with a stack of its own: a value nested a thousand deep, or one that contains itself, must not overflow ours.
 */
export function findJsonProblem(root: unknown): JsonProblem | null {
  const pending: { value: unknown; pointer: string; depth: number }[] = [
    { value: root, pointer: '', depth: 0 },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, pointer, depth } = next;
    const message = scalarProblem(value);
    if (message) return { pointer, message };
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_JSON_DEPTH) return { pointer, message: `nested deeper than ${MAX_JSON_DEPTH} levels` };
    for (const [key, child] of Object.entries(value)) {
      if (!key.isWellFormed()) return { pointer, message: 'a key contains half of a surrogate pair' };
      pending.push({ value: child, pointer: pointer + jsonPointer([key]), depth: depth + 1 });
    }
  }
  return null;
}
