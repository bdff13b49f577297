import { and, eq, sql } from 'drizzle-orm';
import type { JsonObject } from '../../../core/json.js';
import { requirementsOf } from '../../../core/workers.js';
import { lanes } from '../../../db/sqlite/schema.js';
import type { Transaction } from '../../../db/sqlite/transaction.js';
import type { Tally } from '../../../db/writer/writer.js';
import { bound } from '../rows.js';

/** The key of a lane. */
export interface LaneKey {
  type: string;
  priority: number;
  compatibility: string;
}

interface LaneDifference extends LaneKey {
  due: number;
}

/** Due tasks per lane. A lane is created when its first task falls due. */
export class LaneTally implements Tally {
  readonly #add;
  readonly #insert;
  readonly #requirementOf;
  readonly #lanes = new Map<string, LaneDifference>();

  constructor(transaction: Transaction) {
    const { db } = transaction;
    const key = { type: bound('type'), priority: bound('priority'), compatibility: bound('compatibility') };
    this.#add = db
      .update(lanes)
      .set({ due: sql`${lanes.due} + ${sql.placeholder('due')}` })
      .where(
        and(
          eq(lanes.type, key.type),
          eq(lanes.priority, key.priority),
          eq(lanes.compatibility, key.compatibility),
        ),
      )
      .prepare();
    this.#insert = db
      .insert(lanes)
      .values({
        type: key.type,
        priority: bound('priority'),
        compatibility: key.compatibility,
        due: bound('due'),
        requirement: bound('requirement'),
      })
      .prepare();
    this.#requirementOf = laneRequirementChooser(transaction);
  }

  add({ type, priority, compatibility }: LaneKey, difference: number): void {
    const key = `${priority} ${type.length} ${type}${compatibility}`;
    const known = this.#lanes.get(key);
    if (known) known.due += difference;
    else this.#lanes.set(key, { type, priority, compatibility, due: difference });
  }

  flush(): void {
    for (const lane of this.#lanes.values()) {
      // Update first: the lane nearly always exists.
      if (lane.due !== 0 && this.#add.run({ ...lane }).changes === 0) this.#insertLane(lane);
    }
    this.discard();
  }

  #insertLane(lane: LaneDifference): void {
    this.#insert.run({ ...lane, requirement: this.#requirementOf(lane.compatibility) });
  }

  discard(): void {
    this.#lanes.clear();
  }
}

/**
 * Characters of a requirement that are compared: longer ones with the same start are distinguished by the whole
 * compatibility.
 */
const MOST_CHARACTERS = 200;

/** Requirements of a compatibility among which the rarest is chosen, and lanes counted for it. */
const MOST_REQUIREMENTS = 8;
const MOST_LANES = 100;

/** The form of `lanes.requirement`; cut between two characters, as SQLite's text is UTF-8. */
export const lookupText = (requirement: string): string =>
  requirement.length <= MOST_CHARACTERS
    ? requirement
    : requirement.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, '');

/**
 * Chooses the requirement by which a new lane is looked up: the one with the fewest lanes so far. So
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
