import { and, eq, sql } from 'drizzle-orm';
import { lanes } from '../../../db/sqlite/schema.js';
import type { Tally, Transaction } from '../../../db/sqlite/writer/operation.js';
import { bound } from '../bound.js';
import { laneRequirementChooser } from '../lane-requirement.js';

/** What makes a lane. */
export interface LaneKey {
  type: string;
  priority: number;
  compatibility: string;
}

interface LaneDifference extends LaneKey {
  due: number;
}

/** Due tasks per lane. A lane is made when its first task falls due. */
export class LaneCounts implements Tally {
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
      // Update first: nearly always the lane is there.
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
