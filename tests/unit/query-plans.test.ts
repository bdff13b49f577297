import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Connection, openForWriting } from '../../src/db/sqlite/connection.js';
import { migrate } from '../../src/db/sqlite/migrate.js';
import { preparedStatements, queryPlan, SCANS, SCRAPED } from './statement-scans.js';

/** Statements that run all the time, and the one way in which they may find their rows. */
const SEARCHES: [string, RegExp, string][] = [
  [
    'claim: the oldest of a lane',
    /^select "id" from "tasks" where due = 1 and .*"id" > \? order by "tasks"\."id" asc/,
    'SEARCH tasks USING COVERING INDEX tasks_lane (type=? AND priority=? AND compatibility=? AND id>?)',
  ],
  [
    'claim: the newest of a lane',
    /^select "id" from "tasks" where due = 1 and .*"id" < \? order by "tasks"\."id" desc/,
    'SEARCH tasks USING COVERING INDEX tasks_lane (type=? AND priority=? AND compatibility=? AND id<?)',
  ],
  [
    'claim: the lanes that are found by what it offers',
    /^select .* from "lanes" where due > 0 and requirement in \(select value from json_each\(\?\)\)$/,
    'SEARCH lanes USING INDEX lanes_due_requirement (requirement=?)',
  ],
  [
    'claim: those of its types',
    /^select .* from "lanes" where due > 0 and requirement in .* and type in /,
    'SEARCH lanes USING INDEX lanes_due_requirement (requirement=? AND type=?)',
  ],
  [
    'claim: what falls due',
    /^update "tasks" set "due" = \? where .* limit 1000\) returning /,
    'SEARCH tasks USING COVERING INDEX tasks_scheduled (run_after<?)',
  ],
  [
    'claim: the update',
    /^update "tasks" set .* as claimed /,
    'SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)',
  ],
  ['heartbeat', /^update "tasks" set .* as held /, 'SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)'],
  [
    'reap',
    /^select .* where "tasks"\."lease_until" <= \? and "tasks"\."lease_ms" <= \? order by "tasks"\."lease_until" limit \?$/,
    'SEARCH tasks USING INDEX tasks_lease (lease_until<?)',
  ],
  [
    'when the next lease ends',
    /^select "lease_until" from "tasks" where lease_until is not null order by/,
    'SEARCH tasks USING COVERING INDEX tasks_lease (lease_until>?)',
  ],
  [
    'what workers hold',
    /^select "id", "locked_by" from "tasks" where lease_until is not null$/,
    'SEARCH tasks USING INDEX tasks_lease (lease_until>?)',
  ],
  [
    'prune: what finished next',
    /^select .* where "tasks"\."status" = \? and finished_at <= \? and \(finished_at, id\) > /,
    'SEARCH tasks USING INDEX tasks_finished (status=? AND finished_at>? AND finished_at<?)',
  ],
  [
    'prune: the live tasks',
    /^select "id", "created_at", "type" from "tasks" where "tasks"\."status" = \? and "tasks"\."id" > \? order by/,
    'SEARCH tasks USING INDEX tasks_status_id (status=? AND id>?)',
  ],
  [
    'prune: the oldest log entries of a level',
    /^select "id", "at" from "task_logs" where .* order by "task_logs"\."id" limit \?$/,
    'SEARCH task_logs USING PRIMARY KEY (task_id=? AND level=?)',
  ],
  ['delete tasks', /^delete from "tasks" where /, 'SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)'],
  [
    'an idempotency key',
    /^select .* from "tasks" where "tasks"\."idempotency_key" = \?$/,
    'SEARCH tasks USING INDEX tasks_idempotency_key (idempotency_key=?)',
  ],
  [
    'changes',
    /^select .* from "tasks" where "tasks"\."revision" > \? order by "tasks"\."revision" asc limit \?$/,
    'SEARCH tasks USING INDEX tasks_revision (revision>?)',
  ],
  [
    'list: newest first',
    /^select "id" from "tasks" where "tasks"\."id" < \? order by "tasks"\."id" desc limit \?$/,
    'SEARCH tasks USING INTEGER PRIMARY KEY (rowid<?)',
  ],
  [
    'list: of a status',
    /^select "id" from "tasks" where \("tasks"\."status" = \? and "tasks"\."id" < \?\) order by/,
    'SEARCH tasks USING COVERING INDEX tasks_status_id (status=? AND id<?)',
  ],
  [
    'list: of a type and a status',
    /^select "id" from "tasks" where \("tasks"\."type" = \? and "tasks"\."status" = \? and "tasks"\."id" < \?\) order/,
    'SEARCH tasks USING COVERING INDEX tasks_type_status_id (type=? AND status=? AND id<?)',
  ],
  [
    'list: of a type, merged from its statuses',
    /^select "id" from "tasks" where \("tasks"\."type" = \? and "tasks"\."status" = 'queued' .* union all /,
    'SEARCH tasks USING COVERING INDEX tasks_type_status_id (type=? AND status=? AND id<?)',
  ],
  [
    'list: of an idempotency key',
    /^select "id" from "tasks" where \("tasks"\."idempotency_key" = \? and .*"tasks"\."id" < \?\)$/,
    'SEARCH tasks USING INDEX tasks_idempotency_key (idempotency_key=? AND rowid<?)',
  ],
  [
    'the oldest queued task',
    /^select "queued", .*select "created_at" from "tasks" where status = 'queued' order by "tasks"\."id" asc/,
    'SEARCH tasks USING INDEX tasks_status_id (status=?)',
  ],
  [
    'log of a task, merged from its levels',
    /^select .* from "task_logs" where .* union all /,
    'SEARCH task_logs USING PRIMARY KEY (task_id=? AND level=? AND id>?)',
  ],
  [
    'queue position: ahead in the lane',
    /^select count\(\*\) from \( select 1 from \( .* as lane cross join tasks on due = 1 /,
    'SEARCH tasks USING COVERING INDEX tasks_lane (type=? AND priority=? AND compatibility=? AND id<?)',
  ],
  [
    'queue position: due before',
    /^select count\(\*\) from \(select 1 from tasks where due = 0 /,
    'SEARCH tasks USING COVERING INDEX tasks_scheduled (run_after<?)',
  ],
];

let connection: Connection;
const plans = new Map<string, string[]>();

beforeAll(async () => {
  connection = openForWriting(':memory:', 'normal');
  migrate(connection.client);
  for (const sql of await preparedStatements())
    plans.set(sql.replace(/\s+/g, ' '), queryPlan(connection.client, sql));
  connection.client.close();
});

const linesWith = (pattern: RegExp) =>
  [...plans].flatMap(([sql, lines]) =>
    lines.filter((line) => pattern.test(line)).map((line) => ({ line, sql })),
  );

describe('query plans', () => {
  test('are known of every statement', () => {
    expect(plans.size).toBeGreaterThan(70);
    for (const table of [
      'tasks',
      'task_logs',
      'lanes',
      'workers',
      'queue_state',
      'type_counts',
      'minute_counts',
    ]) {
      expect([...plans.keys()].filter((sql) => sql.includes(table)).length).toBeGreaterThan(1);
    }
  });

  test('no statement sorts', () => {
    expect(linesWith(/USE TEMP B-TREE/)).toEqual([]);
  });

  test('no statement makes an index for itself', () => {
    expect(linesWith(/AUTOMATIC/)).toEqual([]);
  });

  test('nothing is read from end to end but what is listed', () => {
    const isListed = (line: string, sql: string) =>
      [...SCANS, ...SCRAPED].some(({ plan, of }) => plan === line && of.test(sql));
    expect(linesWith(/^SCAN/).filter(({ line, sql }) => !isListed(line, sql))).toEqual([]);
  });

  test.each([...SCANS, ...SCRAPED])('$plan: $reason', ({ plan, of }) => {
    expect(linesWith(/^SCAN/).some(({ line, sql }) => line === plan && of.test(sql))).toBe(true);
  });

  test.each(SEARCHES)('%s', (_, statement, expected) => {
    const found = [...plans].filter(([sql]) => statement.test(sql));
    expect(found).not.toEqual([]);
    for (const [, lines] of found) {
      expect(lines).toContain(expected);
      const ofTasks = lines.filter((line) => /^(SEARCH|SCAN) (tasks|task_logs)/.test(line));
      const byId = 'SEARCH tasks USING INTEGER PRIMARY KEY (rowid=?)';
      const cascade = 'SEARCH task_logs USING PRIMARY KEY (task_id=?)';
      expect(ofTasks.filter((line) => ![expected, byId, cascade].includes(line))).toEqual([]);
    }
  });
});
