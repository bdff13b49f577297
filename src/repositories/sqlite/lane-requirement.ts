import type { JsonObject } from '../../core/json.js';
import { requirementsOf } from '../../core/workers.js';
import type { Transaction } from '../../db/sqlite/writer/operation.js';

/** Characters of a requirement that are compared: longer ones that begin alike are told apart by the whole compatibility. */
const MOST_CHARACTERS = 200;

/** Requirements of a compatibility among which the rarest is looked for, and lanes that are counted for it. */
const MOST_REQUIREMENTS = 8;
const MOST_LANES = 100;

/** As `lanes.requirement` holds it; cut between two characters, as SQLite's text is UTF-8. */
export const lookupText = (requirement: string): string =>
  requirement.length <= MOST_CHARACTERS
    ? requirement
    : requirement.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, '');

/**
 * Chooses by which of its requirements a new lane is found: the one that the fewest lanes are found by already. So
 * `{"region":"eu","tenant":17}` is found by its tenant, once there is more than one tenant in the region.
 */
export function laneRequirementChooser({ client }: Transaction): (compatibility: string) => string {
  const countLanes = client
    .prepare(
      `select count(*) from (select 1 from lanes where due > 0 and requirement = ? limit ${MOST_LANES})`,
    )
    .pluck();

  return (compatibility) => {
    if (compatibility === '{}') return '';
    const requirements = requirementsOf(JSON.parse(compatibility) as JsonObject).map(lookupText);
    let [rarest = '', ...others] = requirements.slice(0, MOST_REQUIREMENTS);
    if (others.length === 0) return rarest;
    let fewest = countLanes.get(rarest) as number;
    for (const other of others) {
      if (fewest === 0) break;
      const count = countLanes.get(other) as number;
      if (count < fewest) [rarest, fewest] = [other, count];
    }
    return rarest;
  };
}
