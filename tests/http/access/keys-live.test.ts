import { beforeEach, describe, expect, test } from '@jest/globals';
import type { KeyAdministration } from '../../../src/repositories/key-repository.js';
import { ADMINISTRATOR, ask, cookieOf, makeKey, withKeys } from '../../support/access.js';
import { api, useTestApp } from '../../support/test-app.js';
import { eventually } from '../../support/waiting.js';

const HOUR_MS = 3_600_000;

const app = useTestApp();

let token: string;

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

const poll = async (headers: Record<string, string> = {}) => {
  const path = '/api/queue/tasks/1';
  const { status, problem } = await ask({ port: app().port, method: 'GET', path, headers });
  return problem ? `${status} ${problem.detail}` : status;
};

const change = <Result>(use: (keys: KeyAdministration) => Promise<Result>): Promise<Result> =>
  withKeys(app().file, use, app().clock);

beforeEach(async () => {
  await api.enqueue(app());
  token = await makeKey(app().file, ['read', 'work'], { name: 'robot', clock: app().clock });
});

describe('the next request', () => {
  test('needs a key as soon as there is one, and for good', async () => {
    expect(await poll()).toBe('401 A key is needed: send it with the header "Authorization: Bearer <key>"');
    await change((keys) => keys.revoke('robot', ADMINISTRATOR));
    expect(await poll()).toMatch(/^401 A key is needed/);
  });

  test('is refused with a key that was revoked', async () => {
    expect(await poll(bearer(token))).toBe(200);
    await change((keys) => keys.revoke('robot', ADMINISTRATOR));
    expect(await poll(bearer(token))).toBe('401 The key "robot" is revoked');
  });

  test('needs the new token of a key that was rotated', async () => {
    expect(await poll(bearer(token))).toBe(200);
    const next = await change((keys) => keys.rotate('robot', ADMINISTRATOR));
    expect(await poll(bearer(token))).toBe('401 This is not a key of this server');
    expect(await poll(bearer(next))).toBe(200);
  });

  test('is refused from the moment on at which a key expires', async () => {
    const expiresAt = app().clock.now() + HOUR_MS;
    const brief = await makeKey(app().file, ['read'], { name: 'brief', expiresAt, clock: app().clock });
    const cookie = await cookieOf(app().app, brief);
    app().clock.advance(HOUR_MS - 1);
    expect([await poll(bearer(brief)), await poll({ Cookie: cookie })]).toEqual([200, 200]);
    app().clock.advance(1);
    expect(await poll(bearer(brief))).toBe('401 The key "brief" has expired');
    expect(await poll({ Cookie: cookie })).toBe('401 The key "brief" has expired');
  });

  test('is refused twelve hours after signing in', async () => {
    const cookie = await cookieOf(app().app, token);
    app().clock.advance(12 * HOUR_MS - 1);
    expect(await poll({ Cookie: cookie })).toBe(200);
    app().clock.advance(1);
    expect(await poll({ Cookie: cookie })).toBe('401 The session has expired; sign in again');
    expect(await poll(bearer(token))).toBe(200);
  });
});

test('tells when a key was used last, to the minute', async () => {
  const lastUsedAt = async () => (await change((keys) => keys.list()))[0]?.lastUsedAt ?? null;
  const first = app().clock.now();
  await poll(bearer('nonsense'));
  expect(await lastUsedAt()).toBe(null);
  await poll(bearer(token));
  await eventually(async () => (await lastUsedAt()) === first);
  app().clock.advance(59_999);
  await poll(bearer(token));
  app().clock.advance(1);
  await poll(bearer(token));
  await eventually(async () => (await lastUsedAt()) === first + 60_000);
});
