import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { createApp } from '../../src/index.js';
import { onTestEnd } from '../support/cleanup.js';
import { describeWith, promtool } from '../support/processes.js';
import { Metrics } from '../support/telemetry.js';
import { api, type TestApp, useTestApp } from '../support/test-app.js';
import { until } from '../support/waiting.js';

const app = useTestApp();

/** What Prometheus sends. */
const ACCEPT =
  'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';

const textOf = async ({ http }: TestApp): Promise<string> => (await http.get('/metrics')).text;
const scrape = async (from: TestApp): Promise<Metrics> => new Metrics(await textOf(from));

/** Tasks in every status, of three types, one of which is called as the rest is. */
async function fill(to: TestApp): Promise<void> {
  for (const type of ['mail', 'mail', 'mail', 'video', 'video', 'other']) await api.enqueue(to, { type });
  const [first, second, third] = await api.claim(to, { limit: 3 });
  await api.report(to, 'complete', first);
  await api.report(to, 'fail', second, { error_message: 'no', retry: false });
  await api.report(to, 'fail', third, { error_message: 'no', retry_after_seconds: 60 });
  await api.claim(to, { types: ['video'] });
  await to.http.post('/api/queue/tasks/6/cancel');
  await to.http.post('/api/queue/tasks/6/retry');
}

test('is text for Prometheus, or OpenMetrics for those who like it better', async () => {
  const text = await app().http.get('/metrics');
  expect(text.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(text.text).toContain(
    '# TYPE spoolite_tasks_enqueued_total counter\nspoolite_tasks_enqueued_total 0\n',
  );

  const open = await app().http.get('/metrics').set('Accept', ACCEPT);
  expect(open.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(open.headers.vary).toBe('Accept');
  expect(open.text).toContain('# TYPE spoolite_tasks_enqueued counter\nspoolite_tasks_enqueued_total 0\n');
  expect(open.text).toMatch(/\n# EOF\n$/);
});

test('equals what the database counts, type by type and status by status', async () => {
  await fill(app());
  const database = new Database(app().file, { readonly: true });
  onTestEnd(() => database.close());
  const counted = database
    .prepare('select type, status, count(*) as count from tasks group by type, status')
    .all() as { type: string; status: string; count: number }[];

  const metrics = await scrape(app());
  const told = metrics.of('spoolite_tasks').filter(({ value }) => value > 0);
  expect(told.map(({ labels, value }) => ({ ...labels, count: value })).sort(bySeries)).toEqual(
    counted.map((row) => ({ ...row, type: row.type === 'other' ? 'other*' : row.type })).sort(bySeries),
  );
  expect(metrics.sum('spoolite_tasks')).toBe(6);
  expect(metrics.sum('spoolite_tasks_enqueued_total')).toBe(6);
  expect(metrics.sum('spoolite_attempts_started_total')).toBe(4);
  expect(metrics.sum('spoolite_tasks_completed_total')).toBe(1);
  expect(metrics.sum('spoolite_tasks_failed_total', { reason: 'rejected' })).toBe(1);
  expect(metrics.sum('spoolite_tasks_failed_total', { reason: 'cancelled' })).toBe(1);
  expect(metrics.sum('spoolite_attempts_retried_total')).toBe(1);
  expect(metrics.sum('spoolite_tasks_requeued_total')).toBe(1);
  expect(metrics.sum('spoolite_task_wait_seconds_count')).toBe(4);
  expect(metrics.sum('spoolite_task_run_seconds_bucket', { le: '+Inf' })).toBe(1);
});

test('counts what is done to many at once, task by task', async () => {
  for (let n = 0; n < 3; n++) await api.enqueue(app());
  const bulk = (action: string, filter: object = { all: true }) =>
    app().http.post(`/api/queue/bulk/${action}`).send({ filter, expected: 3 }).expect(200);
  await bulk('cancel');
  await bulk('retry', { failure_reason: 'cancelled' });
  await bulk('cancel');
  await bulk('delete');
  const metrics = await scrape(app());
  expect(metrics.sum('spoolite_tasks')).toBe(0);
  expect(metrics.sum('spoolite_tasks_failed_total', { reason: 'cancelled' })).toBe(6);
  expect(metrics.sum('spoolite_tasks_requeued_total')).toBe(3);
  expect(metrics.sum('spoolite_tasks_deleted_total')).toBe(3);
});

const bySeries = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

test('says the same of the queue whichever process on the file is asked', async () => {
  await fill(app());
  app().clock.advance(5_000);
  const other = createApp({ database: app().file, clock: app().clock });
  onTestEnd(() => other.stop());
  const address = await other.start({ port: 0 });
  // Somebody else may be writing to the disk.
  const ofQueue = (text: string) =>
    text.split('\n').filter((line) => /^spoolite_(?!disk_free)/.test(line) && !line.includes('pid='));

  const here = ofQueue(await textOf(app()));
  const there = ofQueue(await (await fetch(`${address}/metrics`)).text());
  expect(here.length).toBeGreaterThan(60);
  expect(there).toEqual(here);
  expect(here).toContain('spoolite_oldest_due_task_age_seconds 5');
});

test('has no more series with ten thousand types', async () => {
  for (let first = 0; first < 10_000; first += 1_000) {
    const tasks = Array.from({ length: 1_000 }, (_, n) => ({ type: `type-${first + n}` }));
    await app().http.post('/api/queue/enqueue/batch').send({ tasks }).expect(201);
  }
  await api.enqueue(app(), { type: 'type-7777' });
  const metrics = await scrape(app());
  const types = new Set(metrics.of('spoolite_tasks').map(({ labels }) => labels.type));
  expect(types.size).toBe(51);
  expect(types).toContain('type-7777');
  expect(metrics.sum('spoolite_tasks', { type: 'other' })).toBe(9_950);
  expect(metrics.sum('spoolite_tasks')).toBe(10_001);
  expect(metrics.sum('spoolite_unserved_types')).toBe(10_000);
  expect(metrics.series.length).toBeLessThan(500);
});

test('never shows two series for one: a type may be called as the rest is', async () => {
  for (const type of ['other', 'other*', 'other**', 'another']) await api.enqueue(app(), { type });
  const types = (await scrape(app())).of('spoolite_tasks', { status: 'queued' });
  expect(types.map(({ labels }) => labels.type).sort()).toEqual(['another', 'other*', 'other**', 'other***']);
});

test('writes any type so that it can be read again', async () => {
  const type = 'a "b" \\c\\n ü😀';
  await api.enqueue(app(), { type });
  expect((await scrape(app())).sum('spoolite_tasks', { type, status: 'queued' })).toBe(1);
});

test('counts requests by the pattern of their route, and all that is none as one', async () => {
  const address = await app().app.start({ port: 0 });
  const ask = async (path: string, init?: RequestInit) => (await fetch(address + path, init)).text();
  await api.enqueue(app());
  await ask('/api/queue/tasks/1');
  await ask('/api/queue/tasks/1', { headers: { 'If-None-Match': '*' } });
  await ask('/api/queue/tasks/2');
  await ask('/api/queue/tasks/1?_verbose');
  await ask('/api/queue/tasks/1', { method: 'DELETE' });
  await ask('/api/queue/enqueue', {
    method: 'POST',
    body: '{"type":"a"}',
    headers: { 'Content-Type': 'application/json' },
  });
  await ask('/secret/path?token=1');
  await ask('/%ff');

  const metrics = await scrape(app());
  const count = (labels: Record<string, string>) => metrics.sum('spoolite_http_requests_total', labels);
  const route = '/api/queue/tasks/{task_id}';
  expect(count({ method: 'GET', route, status: '2xx' })).toBe(2);
  expect(count({ method: 'GET', route, status: '3xx' })).toBe(1);
  expect(count({ method: 'GET', route, status: '4xx' })).toBe(1);
  expect(count({ method: 'DELETE', route, status: '4xx' })).toBe(1);
  expect(count({ method: 'POST', route: '/api/queue/enqueue', status: '2xx' })).toBe(2);
  expect(count({ route: 'other' })).toBe(2);
  // Without it the first failure of a route could not be seen as an increase.
  expect(count({ method: 'GET', route, status: '5xx' })).toBe(0);
  expect(metrics.sum('spoolite_http_request_duration_seconds_count', { method: 'GET', route })).toBe(4);
  expect(await textOf(app())).not.toMatch(/secret|verbose|ff/);
});

test('knows who waits, and does not take a wait for a slow answer', async () => {
  const id = await api.enqueue(app());
  const address = await app().app.start({ port: 0 });
  const open = async (kind: string) => (await scrape(app())).sum('spoolite_open_waits', { kind });

  const waiting = fetch(`${address}/api/queue/tasks/${id}?wait=60`);
  await until(async () => (await open('wait')) === 1);
  const controller = new AbortController();
  const stream = await fetch(`${address}/api/queue/events`, { signal: controller.signal });
  await until(async () => (await open('stream')) === 1);

  await app().http.post(`/api/queue/tasks/${id}/cancel`);
  await (await waiting).text();
  controller.abort();
  await stream.text().catch(() => undefined);
  await until(async () => (await open('wait')) === 0 && (await open('stream')) === 0);

  const metrics = await scrape(app());
  const route = '/api/queue/tasks/{task_id}';
  expect(metrics.sum('spoolite_http_requests_total', { route, status: '2xx' })).toBe(1);
  expect(metrics.sum('spoolite_http_request_duration_seconds_count', { route })).toBe(0);
  expect(
    metrics.sum('spoolite_http_requests_total', { route: '/api/queue/events', status: 'disconnected' }),
  ).toBe(1);
});

test('samples the event loop from the first scrape on', async () => {
  const samples = async () => (await scrape(app())).sum('spoolite_event_loop_delay_seconds_count') ?? 0;
  expect(await samples()).toBe(0);
  await until(async () => (await samples()) > 0);
});

describeWith('promtool', 'promtool', () => {
  test('finds nothing to complain about', async () => {
    await fill(app());
    await app().http.get('/nowhere');
    expect(promtool(['check', 'metrics'], await textOf(app()))).toEqual({ status: 0, output: '' });
  });
});
