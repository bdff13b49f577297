import type { JsonValue } from '../domain/json.js';

/** JSON text to store; null and an absent value are both stored as none. */
export const nullableJsonText = (value: JsonValue | undefined): string | null =>
  value === undefined || value === null ? null : JSON.stringify(value);
