import type { JsonObject, JsonValue } from './json.js';

/**
 * Where a field occurs: in stored tasks, in replies, also in claimed tasks, also in replies to claims, in export files.
 */
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
  /** Name in TypeScript, if it differs from the column's. */
  property?: string;
  kind: TaskFieldKind;
  nullable?: true;
  description: string;
  /** Where it occurs; default: stored, in replies and in export files. */
  in?: readonly TaskPart[];
  min?: number;
  max?: number;
  /** Largest stored value, if replies promise none. */
  storedMax?: number;
  /** Characters (code points). */
  maxLength?: number;
  /** Bytes as JSON. */
  maxBytes?: number;
  /** For a choice. */
  values?: readonly string[];
  /** Null in replies to keys that may not see payloads; a string is its description there. */
  masked?: true | string;
  /** How clients send it at enqueue. */
  request?: {
    /** Its position in the request's document; fields without one come last. */
    position?: number;
    /** Absent: the field is required. If null, null may be sent too. */
    default?: unknown;
    /** If it differs from that in replies. */
    description?: string;
  };
  /** Added after version 1 of the format: older export files and request digests lack it. */
  addedLater?: true;
  /** Shown to people beside its value. */
  label?: string;
}

/** The parts of a task that contain a field. */
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

export type StoredValue<Field> = OrNull<Field, StoredOf<Field>>;

export type TypedValue<Field> = OrNull<Field, TypedOf<Field>>;

/** Null if a request may send it and it means the same as leaving the field out. */
type RequestNull<Field> = Field extends { request: { default: null } } ? null : never;

/** A field's value in a task to be stored. */
export type RequestedValue<Field> = StoredOf<Field> | RequestNull<Field>;

/** A field's value in a validated request: instants are milliseconds, JSON is parsed. */
export type RequestBodyValue<Field> =
  | (Field extends { kind: 'instant' } ? number : TypedOf<Field>)
  | RequestNull<Field>;

/** A field's value in a program's request. */
export type RequestValue<Field> = TypedOf<Field> | RequestNull<Field>;
