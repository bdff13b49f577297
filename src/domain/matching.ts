import { canonicalJson } from './canonical-json.js';
import type { JsonObject, JsonValue } from './json.js';

/** A capability, or a requirement, as one text: equal texts are equal values under equal names. */
const nameAndValue = (name: string, value: JsonValue): string =>
  `${JSON.stringify(name)}:${canonicalJson(value)}`;

/**
 * What a task's compatibility requires of a worker, one text per requirement; all of them must be offered. Null requires
 * nothing, an array each of its elements.
 */
export function requirementsOf(compatibility: JsonObject): string[] {
  return Object.entries(compatibility).flatMap(([name, value]) => {
    if (value === null) return [];
    return (Array.isArray(value) ? value : [value]).map((element) => nameAndValue(name, element));
  });
}

/**
 * What a worker offers, as the requirements that it meets: each value, and each element of an array. Values are compared
 * as JSON values (`true` is not 1). Made once, it is asked about any number of tasks, at a cost that does not depend on how
 * much is offered.
 */
export class Offer {
  /** As in {@link requirementsOf}. */
  readonly requirements: ReadonlySet<string>;

  constructor(capabilities: JsonObject) {
    this.requirements = new Set(
      Object.entries(capabilities).flatMap(([name, value]) =>
        [value, ...(Array.isArray(value) ? value : [])].map((offered) => nameAndValue(name, offered)),
      ),
    );
  }

  /** True when a worker that offers this may run a task of this compatibility. */
  meets(compatibility: JsonObject): boolean {
    return requirementsOf(compatibility).every((requirement) => this.requirements.has(requirement));
  }
}
