import { canonicalJson } from './canonical-json.js';
import type { JsonObject, JsonValue } from './json.js';

const equal = (a: JsonValue, b: JsonValue): boolean => canonicalJson(a) === canonicalJson(b);

const offers = (offer: JsonValue, demand: JsonValue): boolean =>
  equal(offer, demand) || (Array.isArray(offer) && offer.some((element) => equal(element, demand)));

/**
 * True when a worker that offers `capabilities` may run a task that demands `compatibility`.
 * Values are compared as JSON values (`true` is not 1). A demanded scalar or object must equal the offer or be an
 * element of an offered array; of a demanded array every element must be offered; a demanded null asks nothing.
 */
export function meetsDemands(capabilities: JsonObject, compatibility: JsonObject): boolean {
  return Object.entries(compatibility).every(([key, demand]) => {
    if (demand === null) return true;
    const isOffered = (value: JsonValue): boolean =>
      Object.hasOwn(capabilities, key) && offers(capabilities[key] as JsonValue, value);
    return Array.isArray(demand) ? demand.every(isOffered) : isOffered(demand);
  });
}
