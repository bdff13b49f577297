import { statSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { lockFile } from '../support/sqlite.js';
import { Metrics } from '../support/telemetry.js';
import { api, useTestApp } from '../support/test-app.js';
import { until } from '../support/waiting.js';

const app = useTestApp();

const scrape = async (): Promise<Metrics> => new Metrics((await app().http.get('/metrics')).text);

test('tries for a lock that another process has are counted, and commits as they are made', async () => {
  await api.enqueue(app());
  const before = await scrape();
  expect(before.sum('spoolite_busy_retries_total')).toBe(0);

  const unlock = lockFile(app().file);
  const enqueueing = Promise.all([1, 2, 3].map(() => api.enqueue(app())));
  await until(async () => ((await scrape()).sum('spoolite_busy_retries_total') ?? 0) > 0);
  unlock();
  await enqueueing;

  const after = await scrape();
  const more = (name: string) => (after.sum(name) ?? 0) - (before.sum(name) ?? 0);
  expect(more('spoolite_commit_requests_sum')).toBeGreaterThanOrEqual(3);
  expect(more('spoolite_commit_duration_seconds_count')).toBeGreaterThan(0);
  expect(more('spoolite_commit_duration_seconds_count')).toBe(more('spoolite_commit_requests_count'));
});

test('the sizes are those of the files', async () => {
  await api.enqueue(app());
  const metrics = await scrape();
  expect(metrics.sum('spoolite_database_size_bytes')).toBe(statSync(app().file).size);
  expect(metrics.sum('spoolite_wal_size_bytes')).toBe(statSync(`${app().file}-wal`).size);
  expect(metrics.sum('spoolite_disk_free_bytes')).toBeGreaterThan(0);
});
