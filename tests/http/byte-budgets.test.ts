import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { api, nextPath, useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');
const LARGE = 'x'.repeat(900_000);
const MB = 1_000_000;

interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
  body: any;
  bytes: number;
  next: string | undefined;
}

async function get(path: string): Promise<Answer> {
  const { status, text, body, headers } = await app().http.get(path);
  if (status !== 200) throw new Error(`${status}: ${text.slice(0, 1000)}`);
  return { body, bytes: text.length, next: nextPath(headers) };
}

/** All pages of a list, from its first address on. */
async function pages(first: string): Promise<Answer[]> {
  const found: Answer[] = [];
  for (let path: string | undefined = first; path; path = found.at(-1)?.next) found.push(await get(path));
  return found;
}

async function enqueueLarge(type: string, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let n = 0; n < count; n++) ids.push(await api.enqueue(app(), { type, payload: { LARGE } }));
  return ids;
}

/** Runs SQL on the file, past the server: what an older version, or another program, has stored. */
function sql(text: string): void {
  const db = new Database(app().file);
  db.exec(text);
  db.close();
}

describe('a claim', () => {
  test('takes fewer tasks where all of them would be too large an answer; the others stay as they are', async () => {
    const payload = { text: 'x'.repeat(7 * MB) };
    for (let n = 0; n < 5; n++) {
      const tasks = [{ type: 'huge', payload, max_attempts: 1 }];
      await app().http.post('/api/queue/enqueue/batch').send({ tasks });
    }
    const claimed: number[] = [];
    const sizes: number[] = [];
    for (let isEmpty = false; !isEmpty; ) {
      const tasks = await api.claim(app(), { types: ['huge'], limit: 100 });
      claimed.push(...tasks.map(({ task_id }: { task_id: number }) => task_id));
      sizes.push(tasks.length);
      isEmpty = tasks.length === 0;
      const queued = await api.list(app(), '?type=huge&status=queued');
      expect(queued).toHaveLength(5 - claimed.length);
    }
    expect(sizes).toEqual([3, 2, 0]);
    expect(claimed).toEqual([...claimed].sort((a, b) => a - b));
  });
});

describe('the change feed', () => {
  test('has each change once, in pages that are not too large', async () => {
    const { body } = await get('/api/queue/changes?cursor=now');
    const ids = await enqueueLarge('fed', 12);
    const seen: number[] = [];
    let { cursor } = body;
    while (seen.length < ids.length) {
      const answer = await get(`/api/queue/changes?cursor=${cursor}&limit=500`);
      expect(answer.bytes).toBeLessThan(5 * MB);
      expect(answer.body.changes.length).toBeGreaterThan(0);
      seen.push(...answer.body.changes.map(({ task_id }: { task_id: number }) => task_id));
      cursor = answer.body.cursor;
    }
    expect(seen).toEqual(ids);
    expect((await get(`/api/queue/changes?cursor=${cursor}`)).body.changes).toEqual([]);
  });
});

describe('pages that are cut by their size lead on to the rest:', () => {
  test('the audit log', async () => {
    sql(`insert into audit_entries (at, actor, action, outcome, details)
      with recursive n(at) as (select 1 union all select at + 1 from n where at < 12)
      select at, 'old', 'progress', 'noted', '{"message":"' || hex(zeroblob(450000)) || '"}' from n`);
    const all = await pages('/api/audit?actor=old&limit=1000');
    expect(all.length).toBeGreaterThan(1);
    for (const { bytes } of all) expect(bytes).toBeLessThan(5 * MB);
    const ids = all.flatMap(({ body }) => body.map(({ audit_id }: { audit_id: number }) => audit_id));
    expect(ids).toHaveLength(12);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
  });

  test('the workers, also by their limit', async () => {
    const types = Array.from({ length: 1000 }, (_, n) => `${n}`.padEnd(200, 'x'));
    const names = Array.from({ length: 25 }, (_, n) => `listed-${n}`);
    for (const worker_id of names) await api.claim(app(), { worker_id, types });
    for (const [limit, least] of [
      [1000, 2],
      [3, 9],
    ]) {
      const all = await pages(`/api/queue/workers?limit=${limit}`);
      expect(all.length).toBeGreaterThanOrEqual(least as number);
      for (const { body, bytes } of all) {
        expect(bytes).toBeLessThan(5 * MB);
        expect(body.length).toBeLessThanOrEqual(limit as number);
      }
      const found = all.flatMap(({ body }) => body.map(({ worker_id }: { worker_id: string }) => worker_id));
      expect(found.filter((name) => names.includes(name))).toEqual([...names].reverse());
    }
    expect((await app().http.get('/api/queue/workers?cursor=nonsense')).body.error_code).toBe(
      'CURSOR_INVALID',
    );
  });
});

test('a settle whose answer cannot be made is no refusal: the connection ends, and the task is done', async () => {
  const id = await api.enqueue(app(), { type: 'odd' });
  const [{ lease_token }] = await api.claim(app(), { types: ['odd'] });
  sql(`update tasks set created_at = 9e15 where id = ${id}`);
  const complete = app().http.post(`/api/queue/tasks/${id}/complete`).send({ lease_token });
  await expect(complete).rejects.toThrow(/hang up|ECONNRESET/);
  expect((await api.stats(app())).completed_tasks).toBe(1);
});
