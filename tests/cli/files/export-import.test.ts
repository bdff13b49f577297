import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { auditDatabase } from '../../../src/admin/file-tools.js';
import { scratchFolder } from '../../support/cleanup.js';
import { Client } from '../../support/client.js';
import { CommandLine, spooliteRan, startServer } from '../../support/program.js';
import { idsIn, inFile, mails, onFile, queueFile } from '../../support/sqlite.js';

const SOUND = { damage: [], miscounts: [] };

const linesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

async function exported(database: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await spooliteRan(['export', '--database', database, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^\d+ tasks exported\n$/) });
  return stdout;
}

const imported = (database: string, text: string, ...args: string[]) =>
  spooliteRan(['import', '--database', database, ...args], text);

const place = (): string => join(scratchFolder(), 'queue.db');

/** A queue in which tasks of every kind are, with logs; and a server on it. */
async function livedQueue(): Promise<{ database: string; client: Client }> {
  const database = place();
  const client = new Client((await startServer(database)).url);
  await client.enqueueMany([
    { type: 'done', payload: { 2: 'two', 1: 'one', text: 'ü\n€\u2028' } },
    { type: 'failed', max_attempts: 1, priority: 3 },
    { type: 'again', compatibility: { region: 'us', 10: [1.5, null], 9: true } },
    { type: 'keyed', idempotency_key: 'order "7"', run_after_utc: '2099-01-01T00:00:00Z' },
    { type: 'cancelled' },
  ]);
  const end = async (type: string, how: string, body: object) => {
    const [task] = await client.claim({ types: [type], capabilities: { region: 'us', 10: [1.5], 9: true } });
    const proof = { lease_token: task.lease_token };
    await client.post(`/queue/tasks/${task.task_id}/logs`, {
      ...proof,
      entries: [{ level: 'warning', message: `about ${type}`, details: { deep: [1] } }],
    });
    return client.post(`/queue/tasks/${task.task_id}/${how}`, { ...proof, ...body });
  };
  await end('done', 'complete', { result: { answer: [42, null] } });
  await end('failed', 'fail', { error_message: 'too bad' });
  await client.claim({ types: ['again'], capabilities: { region: 'us', 10: [1.5, null], 9: true } });
  await client.post('/queue/tasks/5/cancel');
  return { database, client };
}

test('what is exported, imported and exported again is the same, logs and the ids to come included', async () => {
  const { database } = await livedQueue();
  // A task that runs is treated as if its worker had died; from then on nothing changes any more.
  const moved = place();
  expect((await imported(moved, await exported(database, '--logs'))).code).toBe(0);
  const first = await exported(moved, '--logs');
  const again = place();
  const { code, stderr } = await imported(again, first);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '5 tasks imported with their ids\n' });
  expect(await exported(again, '--logs')).toBe(first);
  expect(linesOf(first)).toHaveLength(7);
  expect(auditDatabase(again)).toMatchObject(SOUND);
  const client = new Client((await startServer(again)).url);
  expect(await client.enqueue('new')).toBe(6);
});

test('a task is what it was: its state, its log, and the key under which it is known', async () => {
  const { database, client } = await livedQueue();
  const other = place();
  await imported(other, await exported(database, '--logs'));
  const moved = new Client((await startServer(other)).url);
  for (const id of [1, 2, 4, 5]) {
    // Another one goes first there.
    const { queue_position: _, estimated_start_utc: __, ...unchanged } = await client.task(id);
    expect(await moved.task(id)).toMatchObject(unchanged);
    const logs = async (from: Client) =>
      (await from.get(`/queue/tasks/${id}/logs`)).body.map((entry: object) => ({ ...entry, log_id: null }));
    expect(await logs(moved)).toEqual(await logs(client));
  }
  const same = { type: 'keyed', idempotency_key: 'order "7"', run_after_utc: '2099-01-01T00:00:00Z' };
  const replayed = await moved.post('/queue/enqueue', same);
  expect(replayed.headers.get('idempotency-replayed')).toBe('true');
  const other2 = await moved.post('/queue/enqueue', { ...same, priority: 1 });
  expect(other2.body.error_code).toBe('IDEMPOTENCY_KEY_REUSED');
});

test('a running task is queued again with its attempts, or has failed where it had no more', async () => {
  const database = await queueFile([{ type: 'a', maxAttempts: 1 }, { type: 'b' }]);
  await onFile(database, async ({ leases }) => {
    const claimer = { workerId: 'w', types: null, capabilities: {}, leaseMs: 60_000 };
    await leases.claim({ ...claimer, limit: 2, strategy: 'priority' } as never);
  });
  const other = place();
  await imported(other, await exported(database));
  const client = new Client((await startServer(other)).url);
  const error_message = 'Lease expired: worker w runs it elsewhere';
  expect(await client.task(1)).toMatchObject({
    status: 'failed',
    failure_reason: 'lease_expired',
    error_message,
  });
  expect(await client.task(2)).toMatchObject({
    status: 'queued',
    attempts: 1,
    locked_by: null,
    error_message,
  });
  expect(await client.claim()).toMatchObject([{ task_id: 2, attempts: 2 }]);
});

test('the same file a second time adds nothing, also when the first import came halfway', async () => {
  const text = await exported(await queueFile(mails(1200)));
  const other = place();
  await imported(other, text);
  const twice = await imported(other, text);
  expect(twice.stderr).toBe('0 tasks imported with their ids; 1200 already existed\n');
  inFile(other, (client) => {
    client.exec('delete from tasks where id > 700; update queue_state set queued = 700');
    client.exec('update type_counts set queued = 700; update lanes set due = 700');
  });
  const rest = await imported(other, text);
  expect(rest.stderr).toBe('500 tasks imported with their ids; 700 already existed\n');
  expect(idsIn(other)).toEqual(Array.from({ length: 1200 }, (_, at) => at + 1));
  expect(auditDatabase(other)).toMatchObject(SOUND);
});

test('where there were tasks before they get new ids, and --json says which', async () => {
  const text = await exported(await queueFile([{ type: 'a' }, { type: 'b', idempotencyKey: 'k' }]));
  const other = await queueFile([{ type: 'x' }, { type: 'b', idempotencyKey: 'k' }, { type: 'z' }]);
  const { stdout, stderr } = await imported(other, text, '--json');
  expect(stderr).toBe('1 tasks imported with new ids; 1 already existed\n');
  expect(linesOf(stdout)).toEqual([
    { line: 2, file_task_id: 1, task_id: 4, added: true },
    { line: 3, file_task_id: 2, task_id: 2, added: false },
  ]);
  expect(auditDatabase(other)).toMatchObject(SOUND);
});

test('a worker that waits at a running server hears of what is imported', async () => {
  const database = place();
  const client = new Client((await startServer(database)).url);
  const waiting = client.claim({ wait: 60 });
  const text = await exported(await queueFile(mails(1)));
  expect((await imported(database, text)).code).toBe(0);
  expect(await waiting).toMatchObject([{ task_id: 1, attempts: 1 }]);
  expect((await client.get('/queue/changes')).body.changes).toHaveLength(1);
});

test('--status and --type choose; nothing of another moment comes in', async () => {
  const { database } = await livedQueue();
  const typesOf = async (...args: string[]) =>
    linesOf(await exported(database, ...args))
      .slice(1, -1)
      .map(({ type }) => type);
  expect(await typesOf('--status', 'failed')).toEqual(['failed', 'cancelled']);
  expect(await typesOf('--type', 'done', '--type', 'keyed')).toEqual(['done', 'keyed']);
  expect(await typesOf('--type', 'done', '--status', 'queued')).toEqual([]);
  const wrong = await spooliteRan(['export', '--database', database, '--status', 'dead']);
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('queued, processing') });
});

test('a file is there when it is whole, for this user alone, and is replaced with --force only', async () => {
  const database = await queueFile(mails(2));
  const file = join(scratchFolder(), 'tasks.jsonl');
  const run = (...args: string[]) => spooliteRan(['export', file, '--database', database, ...args]);
  expect((await run()).code).toBe(0);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
  expect((await run('--force')).code).toBe(0);
  expect(linesOf(readFileSync(file, 'utf8'))).toHaveLength(4);
  expect(readdirSync(dirname(file))).toEqual(['tasks.jsonl']);
  const none = await spooliteRan(['export', '--database', join(dirname(file), 'none.db')]);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no database at') });
  expect(readdirSync(dirname(file))).toEqual(['tasks.jsonl']);
});

describe('a file that is not right changes nothing, and its line is named:', () => {
  const texts = async () => linesOf(await exported(await queueFile(mails(3))));
  const lines = (values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

  const changes: [string, (all: Record<string, unknown>[]) => object[], RegExp][] = [
    [
      'a first line of something else',
      ([, ...rest]) => rest,
      /line 1: this is not a file from "spoolite export"/,
    ],
    [
      'a later format',
      ([head, ...rest]) => [{ ...head, version: 2 }, ...rest],
      /line 1: format version 2 is not known/,
    ],
    ['a line too few', ([head, one, , three, end]) => [head!, one!, three!, end!], /there must be 3 tasks/],
    ['a file that was cut off', (all) => all.slice(0, -1), /line 4: the file was cut off here/],
    ['something after the end', (all) => [...all, all[1]!], /line 6: unexpected data after/],
    ['an unknown field', with2({ prioritty: 1 }), /line 3: unknown field "prioritty"/],
    ['a wrong value', with2({ priority: 0 }), /line 3: priority must be 1 to 1000/],
    ['an unknown status', with2({ status: 'dead' }), /line 3: status must be one of queued/],
    [
      'an impossible instant',
      with2({ created_at_utc: '2025-02-30T00:00:00Z' }),
      /created_at_utc must be an instant/,
    ],
    ['no instant', with2({ run_after_utc: null }), /line 3: run_after_utc must be an instant/],
    ['a contradiction', with2({ status: 'completed' }), /line 3: finished_at_utc must be present if/],
    ['no attempts left', with2({ attempts: 5 }), /line 3: a queued task must have attempts left/],
    ['an id twice', with2({ task_id: 1 }), /line 3: task_id must be above that of the line before/],
    ['an id beyond the last', with2({ task_id: 9 }), /line 3: task_id must not be above/],
    ['a key alone', with2({ idempotency_key: 'k' }), /idempotency_key and request_digest/],
    ['a payload that is none', with2({ payload: [] }), /line 3: payload must be an object/],
    ['logs that were not announced', with2({ logs: [] }), /line 3: unknown field "logs"/],
  ];

  function with2(change: object) {
    return (all: Record<string, unknown>[]) =>
      all.map((line, at) => (at === 2 ? { ...line, ...change } : line));
  }

  test.each(changes)('%s', async (_, change, reason) => {
    const database = await queueFile(mails(1));
    const { code, stderr } = await imported(database, lines(change(await texts())));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(reason) });
    expect(idsIn(database)).toEqual([1]);
  });

  const HEADER = '{"format":"spoolite-tasks","version":1,"last_id":3,"logs":false}\n';

  test('text that is no JSON, and a file with nothing in it', async () => {
    const database = await queueFile(mails(1));
    const file = join(scratchFolder(), 'tasks.jsonl');
    for (const [text, reason] of [
      [`${HEADER}{"task_id":\n`, /tasks\.jsonl, line 2: this is not JSON/],
      ['', /line 1: the file is empty/],
      [
        Buffer.concat([Buffer.from(HEADER), Buffer.from('{"task_id":1,"type":"'), Buffer.from([0xff])]),
        /line 2: this is not UTF-8/,
      ],
    ] as const) {
      writeFileSync(file, text);
      const { code, stderr } = await spooliteRan(['import', file, '--database', database]);
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(reason) });
    }
    expect(idsIn(database)).toEqual([1]);
  });

  test('a key that was used here for something else', async () => {
    const text = await exported(await queueFile([...mails(1), { type: 'a', idempotencyKey: 'k' }]));
    const database = await queueFile([{ type: 'x' }, { type: 'b', idempotencyKey: 'k' }]);
    const { code, stderr } = await imported(database, text);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /line 3: the idempotency key "k" was used here for task 2 with a different/,
      ),
    });
    expect(idsIn(database)).toEqual([1, 2]);
  });
});

test('on a terminal it says how far it has come, and leaves the line in order', async () => {
  const source = await queueFile(mails(20_000));
  const file = join(scratchFolder(), 'tasks.jsonl');
  const line = new CommandLine('');
  const exporting = line.inTerminal('export', file, '--database', source);
  expect(await exporting.exited).toEqual({ code: 0, signal: null });
  const importing = line.inTerminal('import', file, '--database', place());
  expect(await importing.exited).toEqual({ code: 0, signal: null });
  expect(importing.output).toMatch(/\d+ of 20000 tasks imported/);
  const clearLine = '\r\u001b[K';
  expect(importing.output.trimEnd().split(clearLine).at(-1)).toBe('20000 tasks imported with their ids');
});
