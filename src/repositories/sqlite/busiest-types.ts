import { setImmediate as turn } from 'node:timers/promises';
import { asc, sql } from 'drizzle-orm';
import type { Connection } from '../../db/sqlite/connection.js';
import { typeCounts } from '../../db/sqlite/schema.js';
import { bound } from './bound.js';

/** Types that are looked at in one turn of the event loop. */
const PAGE = 1_000;

interface Candidate {
  type: string;
  live: number;
  total: number;
}

const byBusiness = (a: Candidate, b: Candidate): number =>
  b.live - a.live || b.total - a.total || (a.type < b.type ? -1 : 1);

/** Finds the types with most live tasks, then with most tasks at all; in turns, so that many types hold up nobody. */
export function busiestTypes({ db }: Connection): (limit: number) => Promise<string[]> {
  const { type, queued, processing, completed, failed } = typeCounts;
  const readPage = db
    .select({
      type,
      live: sql<number>`${queued} + ${processing}`,
      total: sql<number>`${queued} + ${processing} + ${completed} + ${failed}`,
    })
    .from(typeCounts)
    .where(sql`${type} > ${bound('after')}`)
    .orderBy(asc(type))
    .limit(PAGE)
    .prepare();

  return async (limit) => {
    let busiest: Candidate[] = [];
    for (let page = readPage.all({ after: '' }); page.length > 0; ) {
      const present = page.filter(({ total }) => total > 0);
      busiest = [...busiest, ...present].sort(byBusiness).slice(0, limit);
      if (page.length < PAGE) break;
      await turn();
      page = readPage.all({ after: page.at(-1)?.type });
    }
    return busiest.map((one) => one.type);
  };
}
