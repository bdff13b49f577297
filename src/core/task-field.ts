import type { JsonObject, JsonValue } from './json.js';

/** Where a field is: in stored tasks, in replies, in claimed tasks besides, in replies to claims besides, in export files. */
export type TaskPart = 'stored' | 'reply' | 'claim' | 'claimReply' | 'transfer';

/**
 * What kind of value a field has. Instants are milliseconds since 1970 UTC in storage, RFC 3339 on the wire and `Date` in
 * TypeScript; `object`, `canonicalObject` and `json` are stored as JSON text; a `name` has no control characters.
 */
export type TaskFieldKind =
  | 'integer'
  | 'number'
  | 'text'
  | 'name'
  | 'choice'
  | 'instant'
  | 'object'
  | 'canonicalObject'
  | 'json'
  | 'flag';

export interface TaskField {
  /** Name in requests, replies and export files. */
  wire: string;
  /** Name in TypeScript, where it is not that of the column. */
  property?: string;
  kind: TaskFieldKind;
  /** Null is a value of it. */
  nullable?: true;
  description: string;
  /** Where it is; stored, in replies and in export files unless said otherwise. */
  in?: readonly TaskPart[];
  min?: number;
  max?: number;
  /** Largest stored value, where replies promise none. */
  storedMax?: number;
  /** Characters (code points). */
  maxLength?: number;
  /** Bytes as JSON. */
  maxBytes?: number;
  /** Of a choice. */
  values?: readonly string[];
  /** Null in replies to keys that may not see payloads; the description of it there, where it is another one. */
  masked?: true | string;
  /** What clients send at enqueue. */
  request?: {
    /** Its place in the request's document; fields without one come last. */
    position?: number;
    /** Required where there is no default; where it is null, null may be sent too. */
    default?: unknown;
    /** Where it differs from that in replies. */
    description?: string;
  };
  /** Added after version 1 of the format: export files and request digests from before are without it. */
  addedLater?: true;
  /** What people read beside its value. */
  label?: string;
}

/** The parts of a task that have a field. */
export type PartsOf<Field> = Field extends { in: readonly (infer Part)[] }
  ? Part
  : 'stored' | 'reply' | 'transfer';

type OrNull<Field, Value> = Field extends { nullable: true } ? Value | null : Value;

type StoredOf<Field> = Field extends { kind: 'choice'; values: readonly (infer Value)[] }
  ? Value
  : Field extends { kind: 'integer' | 'number' | 'instant' }
    ? number
    : Field extends { kind: 'flag' }
      ? boolean
      : string;

type TypedOf<Field> = Field extends { kind: 'instant' }
  ? Date
  : Field extends { kind: 'object' | 'canonicalObject' }
    ? JsonObject
    : Field extends { kind: 'json' }
      ? JsonValue
      : StoredOf<Field>;

/** A field's value in storage. */
export type StoredValue<Field> = OrNull<Field, StoredOf<Field>>;

/** A field's value in TypeScript. */
export type TypedValue<Field> = OrNull<Field, TypedOf<Field>>;

/** Null where a request may send it, and that is what leaving it out means. */
type RequestNull<Field> = Field extends { request: { default: null } } ? null : never;

/** A field's value in a task that is to be stored. */
export type RequestedValue<Field> = StoredOf<Field> | RequestNull<Field>;

/** A field's value in a request that was validated: instants are milliseconds, JSON is parsed. */
export type RequestBodyValue<Field> =
  | (Field extends { kind: 'instant' } ? number : TypedOf<Field>)
  | RequestNull<Field>;

/** A field's value where a program says what it wants. */
export type WishedValue<Field> = TypedOf<Field> | RequestNull<Field>;
