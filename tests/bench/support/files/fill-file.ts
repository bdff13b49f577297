import { recount } from '../../../../src/admin/integrity.js';
import { openForWriting, type SqliteClient } from '../../../../src/db/sqlite/connection.js';
import { migrate } from '../../../../src/db/sqlite/migrate.js';

/** Tasks of a file: SQL for the columns that matter, over `n`, which counts from 1 to `count`. */
export interface Filling {
  count: number;
  /** SQL of a text; `'email'` is a constant. */
  type: string;
  status: string;
  /** SQL of 1, 0 or null: due, scheduled, not queued. */
  due: string;
  priority?: string;
  compatibility?: string;
}

interface SchemaPart {
  name: string;
  type: 'index' | 'trigger';
  sql: string;
}

const CACHE_KIBIBYTES = 512 * 1024;
const PAYLOAD = `{"to":"somebody@example.com","template":"welcome"}`;

/** A year ahead: scheduled for as long as anything is measured. */
const SCHEDULED_AFTER_MS = 31_536_000_000;

/**
 * All tasks were created, and those that are over have ended, one after the other up to now. Each has taken three
 * revisions, as it does from enqueue to its end.
 */
const insertSql = ({ type, status, due, priority = '100', compatibility = "'{}'" }: Filling): string => `
  with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < :count),
    drawn as (select n, ${type} as type, ${status} as status, ${due} as due, ${priority} as priority,
      ${compatibility} as compatibility, :now - (:count - n) - 60000 as at from numbers)
  insert into tasks (id, type, status, due, priority, attempts, max_attempts, payload, compatibility, progress,
    result, error_message, failure_reason, created_at, updated_at, run_after, processing_started_at, finished_at,
    lease_until, lease_ms, lease_token, claimed_revision, locked_by, settled_token, settled_as, revision)
  select :first + n, type, status, due, priority, status <> 'queued', 5, '${PAYLOAD}', compatibility,
    iif(status = 'completed', 100, null), iif(status = 'completed', '{"sent":true}', null),
    iif(status = 'failed', 'No such mailbox', null), iif(status = 'failed', 'error', null),
    at, at + 30, iif(due = 0, :now + ${SCHEDULED_AFTER_MS} + n, at), iif(status = 'queued', null, at + 10),
    iif(status in ('completed', 'failed'), at + 30, null),
    iif(status = 'processing', :now + 3600000, null), iif(status = 'processing', 3600000, null),
    iif(status = 'processing', 'lease-' || n, null),
    case status when 'processing' then 3 * (:first + n) when 'completed' then 3 * (:first + n) - 1 end,
    iif(status = 'queued', null, 'worker-1'),
    iif(status in ('completed', 'failed'), 'lease-' || n, null),
    case status when 'completed' then 'complete' when 'failed' then 'fail' end, 3 * (:first + n)
  from drawn`;

/** Of tasks that are queued, run or are completed, the row itself tells what the log would. */
const LOGS_SQL = `
  insert into task_logs (id, task_id, at, level, message, attempt)
  select revision - 2, id, processing_started_at, 'info', 'Claimed by worker-1', 1 from tasks where status = 'failed'
  union all
  select revision - 1, id, finished_at, 'error', 'No such mailbox', 1 from tasks where status = 'failed'`;

/** Takes indexes and triggers away; returns what makes them again. */
function dropParts(client: SqliteClient): string[] {
  const parts = client
    .prepare(
      `select name, type, sql from sqlite_schema
       where type in ('index', 'trigger') and sql is not null and tbl_name in ('tasks', 'task_logs') order by type`,
    )
    .all() as SchemaPart[];
  for (const { type, name } of parts) client.exec(`drop ${type} \`${name}\``);
  return parts.map(({ sql }) => sql);
}

/** Makes a file with these tasks, thousands of times as fast as by enqueueing them. Throws when its counters are wrong. */
export function fillFile(file: string, fillings: readonly Filling[]): void {
  const connection = openForWriting(file, 'normal');
  const { client } = connection;
  migrate(client);
  client.pragma('journal_mode = OFF');
  client.pragma('synchronous = OFF');
  client.pragma(`cache_size = -${CACHE_KIBIBYTES}`);
  client.pragma('threads = 4');
  const parts = dropParts(client);
  const now = Date.now();
  let first = 0;
  for (const filling of fillings) {
    client.prepare(insertSql(filling)).run({ count: filling.count, first, now });
    first += filling.count;
  }
  client.exec(LOGS_SQL);
  setCounters(client, now);
  for (const sql of parts) client.exec(sql);
  client.pragma('journal_mode = WAL');
  const miscounts = recount(connection);
  client.close();
  if (miscounts.length > 0) throw new Error(`The file is filled wrongly: ${JSON.stringify(miscounts)}`);
}

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

/** Types of {@link longHistory}. */
export const HISTORY_TYPES = ['email', 'export', 'invoice', 'video'];

/** Of a hundred tasks, 77 are over, four run, fourteen are due and five scheduled. */
const STATUS = `case when n % 100 < 14 or n % 100 between 18 and 22 then 'queued'
  when n % 100 between 14 and 17 then 'processing' when n % 100 < 95 then 'completed' else 'failed' end`;
const DUE = 'case when n % 100 < 14 then 1 when n % 100 between 18 and 22 then 0 end';

/** A queue as it looks after `count` tasks of a few types, with work ahead. */
export const longHistory = (count: number): Filling[] => {
  const types = HISTORY_TYPES.map((type, at) => `when ${at} then '${type}'`).join(' ');
  return [{ count, type: `case n / 100 % ${HISTORY_TYPES.length} ${types} end`, status: STATUS, due: DUE }];
};
