import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { ask, cookieOf, makeKey } from '../../support/access.js';
import { capturingLogger } from '../../support/telemetry.js';
import { useTestApp } from '../../support/test-app.js';
import { eventually } from '../../support/waiting.js';

const { logger, lines } = capturingLogger();
const app = useTestApp({ logger });

const get = (path: string, headers: Record<string, string>) =>
  ask({ port: app().port, method: 'GET', path, headers });

const filesOf = (database: string): string =>
  ['', '-wal']
    .map((suffix) => database + suffix)
    .filter(existsSync)
    .map((file) => readFileSync(file, 'latin1'))
    .join('');

const storedHash = (): string => {
  const db = new Database(app().file, { readonly: true });
  const hash = db.prepare('select hash from api_keys').pluck().get() as string;
  db.close();
  return hash;
};

test('a token is in no log, no answer, no audit entry, and not in the file', async () => {
  const token = await makeKey(app().file, ['admin'], { clock: app().clock });
  const cookie = await cookieOf(app().app, token);
  const wrong = `${token.slice(0, -1)}!`;
  const headers = { Authorization: `Bearer ${token}` };
  const seen: string[] = [];
  const shown: Record<string, string>[] = [
    headers,
    { 'X-API-Key': wrong },
    { Cookie: cookie },
    { Cookie: `${cookie}x` },
  ];
  for (const asked of shown) {
    const { headers: told, problem } = await get('/api/queue/tasks/1', asked);
    seen.push(JSON.stringify([told, problem]));
  }
  const body = { type: 'mail' };
  await ask({ port: app().port, method: 'POST', path: '/api/queue/enqueue', headers, body });
  for (const path of ['/api/audit', '/api/session', '/openapi.json', '/api/queue/workers'])
    seen.push((await app().http.get(path).set(headers)).text);
  await app().http.post('/api/session').send({ key: wrong });
  await eventually(() => lines.length >= 8);
  const hash = storedHash();
  const told = seen.join('\n') + JSON.stringify(lines);
  expect(told).toContain('keys.create');
  for (const secret of [token, wrong, hash, cookie.split('=')[1] as string])
    expect(told).not.toContain(secret);
  const stored = filesOf(app().file);
  expect(stored).toContain(hash);
  expect(stored).not.toContain(token);
});

test('who has a copy of the file can make no session of what is in it', async () => {
  const token = await makeKey(app().file, ['admin'], { clock: app().clock });
  const until = app().clock.now() + 60_000;
  const hash = storedHash();
  const guesses = [hash, Buffer.from(hash, 'hex'), token.slice(0, 6), ''];
  const texts = [`session 1 ${until}`, `session 1 ${hash} ${until}`];
  for (const secret of guesses) {
    for (const text of texts) {
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      const Cookie = `spoolite_session=1.${until}.${signature}`;
      expect((await get('/api/queue/stats', { Cookie })).status).toBe(401);
    }
  }
  expect((await get('/api/queue/stats', { Cookie: await cookieOf(app().app, token) })).status).toBe(200);
});
