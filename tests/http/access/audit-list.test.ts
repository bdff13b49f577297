import { beforeAll, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { makeKey } from '../../support/access.js';
import { expectProblem, nextPath, useTestApp } from '../../support/test-app.js';

const app = useTestApp({}, 'file');

const NAME = 'Zoë & Söhne';

/** More than one page looks at. */
const MANY = 10_500;

let headers: Record<string, string>;

/** Names that no key can have, as a user of the machine may. */
const ODD = ['cli:o\'brien "x" & <b>', 'cli:100%_\\', 'cli:日本', NAME];

function fill(): void {
  const db = new Database(app().file);
  const insert = db.prepare(
    'insert into audit_entries (at, actor, action, outcome, task_id) values (?, ?, ?, ?, ?)',
  );
  db.transaction(() => {
    for (const [at, actor] of ODD.entries()) insert.run(at, actor, 'rare', 'done', 7);
    for (let at = 0; at < MANY; at++)
      insert.run(at, 'robot', at % 2 ? 'enqueue' : 'cancel', 'done', (at % 3) + 1);
  })();
  db.close();
}

beforeAll(async () => {
  headers = { 'X-API-Key': await makeKey(app().file, ['admin'], { name: 'admin', clock: app().clock }) };
  fill();
});

const get = (path: string) => app().http.get(path).set(headers);

/** All pages of a list. */
async function pages(query: string): Promise<{ audit_id: number; actor: string; action: string }[][]> {
  const found = [];
  for (let path: string | undefined = `/api/audit?${query}`; path; ) {
    const { status, body, headers: told } = await get(path);
    expect(status).toBe(200);
    found.push(body);
    path = nextPath(told);
  }
  return found;
}

const idsIn = (all: { audit_id: number }[][]): number[] => all.flat().map(({ audit_id }) => audit_id);

describe('GET /api/audit', () => {
  test('is newest first, in pages that have each entry once', async () => {
    const all = await pages('limit=1000');
    const ids = idsIn(all);
    expect(ids).toHaveLength(MANY + ODD.length + 1);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(new Set(ids).size).toBe(ids.length);
    expect(all.slice(0, -1).every((page) => page.length === 1000)).toBe(true);
    expect((await get('/api/audit')).body).toHaveLength(100);
  });

  test('finds what is rare and long ago, page by page', async () => {
    const all = await pages('action=rare');
    expect(all.length).toBeGreaterThan(1);
    expect(all.flat().map(({ actor }) => actor)).toEqual([...ODD].reverse());
  });

  test('does not change its pages while entries are added', async () => {
    const first = await get('/api/audit?limit=5');
    await app().http.post('/api/queue/enqueue').set(headers).send({ type: 'mail' });
    const next = nextPath(first.headers) as string;
    const last = first.body.at(-1).audit_id;
    expect((await get(next)).body[0].audit_id).toBe(last - 1);
  });

  test.each(ODD)('is narrowed to one actor: %j', async (actor) => {
    const all = await pages(`actor=${encodeURIComponent(actor)}`);
    expect(all.flat()).toEqual([expect.objectContaining({ actor, action: 'rare' })]);
  });

  test('is narrowed to one task, and by all filters at once', async () => {
    const ofTask = (await pages('task_id=2&limit=1000')).flat();
    expect(ofTask).toHaveLength(MANY / 3);
    const both = (await pages('task_id=2&action=enqueue&actor=robot&limit=1000')).flat();
    expect(both).toHaveLength(MANY / 6);
    expect(both.every(({ action }) => action === 'enqueue')).toBe(true);
    expect((await pages('task_id=2&actor=nobody')).flat()).toEqual([]);
  });

  test('takes nothing for a wildcard', async () => {
    for (const actor of ['%', '_obot', 'ROBOT', 'robot ']) {
      const { body } = await get(`/api/audit?actor=${encodeURIComponent(actor)}`);
      expect(body).toEqual([]);
    }
  });

  test.each([
    'limit=0',
    'limit=1001',
    'limit=x',
    'task_id=0',
    'task_id=x',
    'limit=1&limit=2',
    'cursor=nonsense',
  ])('refuses ?%s', async (query) => expect((await get(`/api/audit?${query}`)).status).toBe(422));

  test('refuses the cursor of another list', async () => {
    const { headers: told } = await get('/api/audit?limit=1&action=cancel');
    const cursor = /cursor=([^>&]+)/.exec(told.link as string)?.[1];
    expectProblem(await get(`/api/audit?limit=1&cursor=${cursor}`), 422, 'CURSOR_INVALID');
  });

  test.each(['post', 'delete', 'put', 'patch'] as const)('cannot be changed by %s', async (method) => {
    const { status } = await app().http[method]('/api/audit').set(headers);
    expect(status).toBe(405);
  });
});
