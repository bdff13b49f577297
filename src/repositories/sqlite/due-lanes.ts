import { sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes } from '../../db/sqlite/schema.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { JsonObject } from '../../domain/json.js';
import { meetsDemands } from '../../domain/matching.js';
import type { Claimer } from '../lease-repository.js';

/** Due tasks of one type, priority and compatibility. */
export interface Lane {
  type: string;
  priority: number;
  compatibility: string;
  /** How many. */
  due: number;
}

/** Answers of `meetsDemands` that are remembered before starting afresh. */
const MEMO_SIZE = 10_000;

/** Finds the lanes that have something for each of some claimers, most urgent first; reads once for all of them. */
export function dueLaneReader({ db }: Connection): (claimers: readonly Claimer[]) => Lane[][] {
  const readDue = db
    .select({
      type: lanes.type,
      priority: lanes.priority,
      compatibility: lanes.compatibility,
      due: lanes.due,
    })
    .from(lanes)
    .where(sql`due > 0`)
    .orderBy(lanes.priority, lanes.id)
    .prepare();
  const memo = new Map<string, boolean>();

  const meets = (capabilities: JsonObject, offer: string, demand: string): boolean => {
    if (demand === '{}') return true;
    const key = `${offer}\n${demand}`;
    const known = memo.get(key);
    if (known !== undefined) return known;
    if (memo.size >= MEMO_SIZE) memo.clear();
    const answer = meetsDemands(capabilities, JSON.parse(demand));
    memo.set(key, answer);
    return answer;
  };

  const suitable = (lanes: readonly Lane[], { types, capabilities }: Claimer): Lane[] => {
    const offer = canonicalJson(capabilities);
    const wanted = types && new Set(types);
    return lanes.filter(
      (lane) => (!wanted || wanted.has(lane.type)) && meets(capabilities, offer, lane.compatibility),
    );
  };

  return (claimers) => {
    const due = readDue.all();
    return claimers.map((claimer) => suitable(due, claimer));
  };
}

/** Finds the lanes that have something for a claimer, most urgent first. */
export function dueLaneFinder(connection: Connection): (claimer: Claimer) => Lane[] {
  const read = dueLaneReader(connection);
  return (claimer) => read([claimer])[0] as Lane[];
}
