import type { SqliteClient } from '../../../../src/db/sqlite/connection.js';

const BY_STATUS = ['queued', 'processing', 'completed', 'failed']
  .map((status) => `sum(status = '${status}') as ${status}`)
  .join(', ');

const MINUTE_MS = 60_000;

/** Sets what triggers would have counted, of tasks that were put there without them. */
export function setCounters(client: SqliteClient, now: number): void {
  client.exec(`
    update queue_state set (queued, processing, completed, failed) = (select ${BY_STATUS} from tasks),
      revision = (select max(revision) from tasks);
    insert into type_counts (type, queued, processing, completed, failed, wait_ms, run_ms)
      select type, ${BY_STATUS}, 10, 20 from tasks group by type;
    insert into lanes (type, priority, compatibility, due, requirement)
      select type, priority, compatibility, count(*), trim(compatibility, '{}')
      from tasks where due = 1 group by 1, 2, 3;
  `);
  client
    .prepare('insert into minute_counts (minute, enqueued, started, completed) values (?, 600, 600, 600)')
    .run(Math.floor(now / MINUTE_MS) - 1);
}
