import type { Operation } from '../../../db/sqlite/writer/operation.js';
import type { Miscount } from '../../audit.js';
import { recount } from '../recount.js';

/** Averages of a type stay as they are: no row tells them. */
const COUNT_ANEW = `
  update queue_state set
    queued = (select count(*) from tasks where status = 'queued'),
    processing = (select count(*) from tasks where status = 'processing'),
    completed = (select count(*) from tasks where status = 'completed'),
    failed = (select count(*) from tasks where status = 'failed')
  where id = 1;
  update type_counts set queued = 0, processing = 0, completed = 0, failed = 0;
  insert into type_counts (type, queued, processing, completed, failed)
    select type, sum(status = 'queued'), sum(status = 'processing'), sum(status = 'completed'), sum(status = 'failed')
    from tasks where true group by type
    on conflict (type) do update set queued = excluded.queued, processing = excluded.processing,
      completed = excluded.completed, failed = excluded.failed;
  update lanes set due = 0;
  insert into lanes (type, priority, compatibility, due, requirement)
    select type, priority, compatibility, count(*),
      case when length(compatibility) <= 100
        and (select count(*) = 1 and min(type not in ('null', 'array')) from json_each(compatibility))
      then substr(compatibility, 2, length(compatibility) - 2) else '' end
    from tasks where due = 1 group by type, priority, compatibility
    on conflict (type, priority, compatibility) do update set due = excluded.due;
`;

/** Puts the counters right by a count of the tasks. Returns which were wrong. */
export const repairCounters = ((transaction) => () => {
  const miscounts = recount(transaction);
  if (miscounts.length === 0) return [];
  const { counted = 0, kept = 0 } = miscounts.find(({ counter }) => counter === 'last revision') ?? {};
  // One more than it lacks, so that the commit is announced.
  transaction.takeRevisions(counted - kept + 1);
  transaction.client.exec(COUNT_ANEW);
  return miscounts;
}) satisfies Operation<null, Miscount[]>;
