import type { CustomHelpers, ObjectSchema, SchemaMap } from 'joi';
import { nearestName } from '../../domain/nearest-name.js';
import { Schema } from './schema.js';

/** Names that begin so are the client's own, such as the `_` that some add to get past caches. */
const OWN_OF_CLIENT = /^_/;
const ANY_OTHER = /^(?!_)/;

/** `ids[]` → `ids`: how many clients write a parameter that has several values. */
const withoutBrackets = (name: string): string => name.replace(/\[.*$/s, '');

/** What was probably meant by a name that is none of these. */
function adviceFor(given: string, names: readonly string[]): string {
  if (names.length === 0) return 'there are no parameters here';
  const bare = withoutBrackets(given);
  if (bare !== given && names.includes(bare))
    return bare === 'ids' ? 'write ids=1,2' : `write ${bare}= without brackets, once`;
  const nearest = nearestName(given, names);
  return nearest === undefined ? `known here are ${names.join(', ')}` : `did you mean "${nearest}"?`;
}

/**
 * The parameters of a query. Every other name is refused, as a misspelt filter would otherwise answer everything; the refusal
 * names the nearest.
 */
export function query(fields: SchemaMap): ObjectSchema {
  const names = Object.keys(fields);
  const refused = Schema.any().custom((_value, { error, state }: CustomHelpers) =>
    error('query.unknown', { advice: adviceFor(String(state.path?.at(-1)), names) }),
  );
  return Schema.object(fields).pattern(OWN_OF_CLIENT, Schema.any()).pattern(ANY_OTHER, refused);
}

/** Of a route that has no parameters. */
export const NO_PARAMETERS = query({});
