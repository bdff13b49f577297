import { sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { lanes } from '../../db/sqlite/schema.js';
import { canonicalJson } from '../../domain/canonical-json.js';
import type { JsonObject } from '../../domain/json.js';
import { meetsDemands } from '../../domain/matching.js';
import type { Claimer } from '../lease-repository.js';
import { bound } from './bound.js';
import { rowMapper } from './row-mapper.js';

/** Due tasks of one type, priority and compatibility. */
export interface Lane {
  id: number;
  type: string;
  priority: number;
  compatibility: string;
  /** How many. */
  due: number;
}

/** Answers of `meetsDemands` that are remembered before starting afresh. */
const MEMO_SIZE = 10_000;

const columns = {
  id: lanes.id,
  type: lanes.type,
  priority: lanes.priority,
  compatibility: lanes.compatibility,
  due: lanes.due,
};

const toLanes = rowMapper<Lane>(columns);

/** Whether an offer meets demands, asked again and again about the same ones. */
function offerMemo() {
  const answers = new Map<string, Map<string, boolean>>();
  let size = 0;
  return (capabilities: JsonObject): ((demand: string) => boolean) => {
    const offer = canonicalJson(capabilities);
    return (demand) => {
      if (demand === '{}') return true;
      const known = answers.get(offer)?.get(demand);
      if (known !== undefined) return known;
      if (size++ >= MEMO_SIZE) {
        answers.clear();
        size = 1;
      }
      const answer = meetsDemands(capabilities, JSON.parse(demand));
      const ofOffer = answers.get(offer) ?? new Map<string, boolean>();
      answers.set(offer, ofOffer.set(demand, answer));
      return answer;
    };
  };
}

/**
 * Finds the lanes that have something for each of some claimers, most urgent first. Lanes of types that none of them
 * wants are not even read, however many they are.
 */
export function dueLaneReader({ db }: Connection): (claimers: readonly Claimer[]) => Lane[][] {
  const select = () => db.select(columns).from(lanes).$dynamic();
  const readAll = select().where(sql`due > 0`).orderBy(lanes.priority, lanes.id).prepare();
  const readOfTypes = select()
    .where(sql`due > 0 and ${lanes.type} in (select value from json_each(${bound('types')}))`)
    .prepare();
  const meetsOf = offerMemo();

  const read = (claimers: readonly Claimer[]): Lane[] => {
    if (claimers.some(({ types }) => types === null)) return toLanes(readAll.values() as unknown[][]);
    const types = JSON.stringify([...new Set(claimers.flatMap((claimer) => claimer.types ?? []))]);
    const found = toLanes(readOfTypes.values({ types }) as unknown[][]);
    return found.sort((a, b) => a.priority - b.priority || a.id - b.id);
  };

  const suitable = (lanes: readonly Lane[], { types, capabilities }: Claimer): Lane[] => {
    const wanted = types && new Set(types);
    const meets = meetsOf(capabilities);
    return lanes.filter((lane) => (!wanted || wanted.has(lane.type)) && meets(lane.compatibility));
  };

  return (claimers) => {
    const due = read(claimers);
    return claimers.map((claimer) => suitable(due, claimer));
  };
}

/** Finds the lanes that have something for a claimer, most urgent first. */
export function dueLaneFinder(connection: Connection): (claimer: Claimer) => Lane[] {
  const read = dueLaneReader(connection);
  return (claimer) => read([claimer])[0] as Lane[];
}
