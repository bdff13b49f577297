import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from '@jest/globals';
import supertest from 'supertest';

const HOUR = 3_600_000;

/** The wall clock's reading of an instant at a place that many hours east of Greenwich. */
const localText = (instant: number, hoursEast: number): string =>
  new Date(instant + hoursEast * HOUR).toISOString().slice(0, 19);

/** Runs `use` with a server whose process lives in the time zone. */
async function withServerIn(zone: string, use: (http: ReturnType<typeof supertest>) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'spoolite-zone-'));
  const script = new URL('../support/serve.mjs', import.meta.url).pathname;
  const server = spawn(process.execPath, [script, join(folder, 'queue.db')], {
    env: { ...process.env, TZ: zone },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [url] = await once(createInterface(server.stdout), 'line');
    await use(supertest(url));
    server.stdin.end();
    expect((await once(server, 'exit'))[0]).toBe(0);
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.each(['Asia/Tokyo', 'America/Los_Angeles'])('a server in %s', (zone) => {
  test('reads and answers instants as one in UTC does', async () => {
    await withServerIn(zone, async (http) => {
      const now = Math.floor(Date.now() / 1000) * 1000;
      const enqueue = async (type: string, run_after_utc: string | undefined) => {
        const { body } = await http.post('/api/queue/enqueue').send({ type, run_after_utc });
        return (await http.get(`/api/queue/tasks/${body.task_id}`)).body.run_after_utc;
      };
      const spellings = (instant: number) => [
        localText(instant, 0),
        `${localText(instant, 0)}Z`,
        `${localText(instant, 9)}+09:00`,
        `${localText(instant, -8)}-08:00`,
      ];
      for (const text of spellings(now - HOUR)) {
        expect(await enqueue('due', text)).toBe(new Date(now - HOUR).toISOString());
      }
      for (const text of spellings(now + HOUR)) {
        expect(await enqueue('scheduled', text)).toBe(new Date(now + HOUR).toISOString());
      }
      const since = Date.parse(await enqueue('at once', undefined)) - now;
      expect(since).toBeGreaterThanOrEqual(0);
      expect(since).toBeLessThan(HOUR);
      const { body } = await http.post('/api/queue/claims').send({ worker_id: 'w', limit: 100 });
      const types = body.tasks.map(({ type }: { type: string }) => type);
      expect(types).toEqual(['due', 'due', 'due', 'due', 'at once']);
    });
  });
});
