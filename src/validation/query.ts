import type { CustomHelpers, ObjectSchema, SchemaMap } from 'joi';
import { POLL_LIMITS } from '../core/limits.js';
import { nearestName } from '../core/text.js';
import { type Range, Schema } from './schema.js';

/** Names with this prefix belong to the client, such as the `_` that some add to bypass caches. */
const OWN_OF_CLIENT = /^_/;
const ANY_OTHER = /^(?!_)/;

/** `ids[]` → `ids`: the usual spelling of many clients for repeated parameters. */
const withoutBrackets = (name: string): string => name.replace(/\[.*$/s, '');

/** The probable intention behind an unknown name. */
function adviceFor(given: string, names: readonly string[]): string {
  if (names.length === 0) return 'there are no parameters here';
  const bare = withoutBrackets(given);
  if (bare !== given && names.includes(bare))
    return bare === 'ids' ? 'write ids=1,2' : `write ${bare}= without brackets, once`;
  const nearest = nearestName(given, names);
  return nearest === undefined ? `known here are ${names.join(', ')}` : `did you mean "${nearest}"?`;
}

/**
 * The parameters of a query. Unknown names are refused, as a misspelt filter would otherwise select everything; the
 * message suggests the nearest.
 */
export function query(fields: SchemaMap): ObjectSchema {
  const names = Object.keys(fields);
  const refused = Schema.any().custom((_value, { error, state }: CustomHelpers) =>
    error('query.unknown', { advice: adviceFor(String(state.path?.at(-1)), names) }),
  );
  return Schema.object(fields).pattern(OWN_OF_CLIENT, Schema.any()).pattern(ANY_OTHER, refused);
}

/** For a route without parameters. */
export const NO_PARAMETERS = query({});

const WAIT = 'Long poll: seconds to wait for something to report before answering.';
const CURSOR = 'Start of the page: from the `Link` header of the previous page, with the same filters.';

/** An integer in a query; an empty value counts as absent. */
export const queryInteger = ({ min = 1, max, default: absent }: Range) =>
  Schema.number().integer().min(min).max(max).empty('').default(absent);

/** Seconds to wait, in a query; an empty value counts as absent. */
export const queryWait = () =>
  Schema.number().min(0).max(POLL_LIMITS.waitSeconds.max).empty('').description(WAIT);

export const pageCursor = () => Schema.string().empty('').description(CURSOR);

const ID = /^[1-9]\d*$/;

/** Documented as a list with commas. */
const LIST = {
  schema: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: POLL_LIMITS.ids },
  parameter: { style: 'form', explode: false },
};

/** `1,2,3` in a query, at least one. Numbers too large for a task id are left out. */
export const taskIds = () =>
  Schema.any()
    .custom((value: string | string[], { error }: CustomHelpers) => {
      if (Array.isArray(value)) return error('query.list');
      const ids = value.split(',');
      if (ids.length > POLL_LIMITS.ids) return error('ids.max', { limit: POLL_LIMITS.ids });
      if (!ids.every((id) => ID.test(id))) return error('ids.base');
      return ids.map(Number).filter(Number.isSafeInteger);
    })
    .meta(LIST);
