import type Joi from 'joi';

/** One setting. Its validation, parsing, display and documentation derive from this. */
export interface Option<Value> {
  /** Its type and range, with its default. */
  schema: Joi.Schema;
  /** Undefined if nothing applies until it is set. */
  default: Value;
  /** Placeholder of the value; none for a switch. */
  value?: string;
  /** For help texts and the documentation. */
  text: string;
  /** What applies when it is not set, if that is not a value. */
  unset?: string;
}

type Entry<Value> = Pick<Option<Value>, 'value' | 'text' | 'unset'> & { schema: Joi.AnySchema<Value> };

/** An entry of a table of options. Without a default its value may be undefined. */
export function option<Value>(entry: Entry<Value> & { default: NoInfer<Value> }): Option<Value>;
export function option<Value>(entry: Entry<Value>): Option<Value | undefined>;
export function option(entry: Entry<unknown> & { default?: unknown }): Option<unknown> {
  const { schema, default: unset } = entry;
  return { ...entry, default: unset, schema: unset === undefined ? schema : schema.default(unset) };
}

/** Options by their names. Editors show the comment on an entry for the option of a program. */
// biome-ignore lint/suspicious/noExplicitAny: values of any type
type Table = Record<string, Option<any>>;

/** Value by name, complete. */
export type Values<T> = { [Name in keyof T]: T[Name] extends Option<infer Value> ? Value : never };

/** The same, as a program sets them. */
export type Options<T> = Partial<Values<T>>;

/** The values of a table's options: as set, else their defaults. Null counts as not set, except where it is a value. */
export function resolveOptions<T extends Table>(table: T, given: Options<NoInfer<T>>): Values<T> {
  const entries = Object.entries(table).map(([name, { schema, default: unset }]) => {
    const value = given[name as keyof T];
    const isSet = value === null ? !schema.validate(null).error : value !== undefined;
    return [name, isSet ? value : unset];
  });
  return Object.fromEntries(entries) as Values<T>;
}
