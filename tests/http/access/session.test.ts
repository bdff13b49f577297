import { describe, expect, test } from '@jest/globals';
import { makeKey } from '../../support/access.js';
import { expectProblem, useTestApp } from '../../support/test-app.js';

const app = useTestApp();

const SESSION = '/api/session';

const open = { key_required: false, name: null, scopes: ['admin'], sees_payloads: true };
const nobody = { key_required: true, name: null, scopes: [], sees_payloads: false };
const signedIn = { key_required: true, name: 'Zoë', scopes: ['enqueue', 'read'], sees_payloads: true };

const make = (expiresAt: number | null = null) =>
  makeKey(app().file, ['enqueue', 'read'], { name: 'Zoë', clock: app().clock, expiresAt });

const signIn = (key: unknown, headers: Record<string, string> = {}) =>
  app().http.post(SESSION).set(headers).send({ key });

const cookieIn = ({ headers }: { headers: Record<string, unknown> }) => String(headers['set-cookie']);

describe('signing in', () => {
  test('is needed once there is a key, and says as whom', async () => {
    expect((await app().http.get(SESSION)).body).toEqual(open);
    const token = await make();
    expect((await app().http.get(SESSION)).body).toEqual(nobody);
    const reply = await signIn(token);
    expect(reply.body).toEqual(signedIn);
    const cookie = cookieIn(reply);
    expect(cookie).toMatch(/^spoolite_session=[\w.-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    const Cookie = cookie.split(';')[0] as string;
    expect((await app().http.get(SESSION).set({ Cookie })).body).toEqual(signedIn);
    expect(
      (
        await app()
          .http.get(SESSION)
          .set({ Cookie: `a=b; ${Cookie}; c=d` })
      ).body,
    ).toEqual(signedIn);
    expect((await app().http.get(SESSION).set('X-API-Key', token)).body).toEqual(signedIn);
  });

  test('lasts no longer than the key', async () => {
    const token = await make(app().clock.now() + 90_500);
    expect(cookieIn(await signIn(token))).toContain('Max-Age=90;');
  });

  test('is for encrypted connections only where one was used', async () => {
    const reply = await signIn(await make(), { 'X-Forwarded-Proto': 'https' });
    expect(cookieIn(reply)).toMatch(/SameSite=Strict; Secure$/);
  });

  test.each([[''], ['nonsense'], [`spool_${'A'.repeat(43)}`]])('is refused with %j', async (key) => {
    await make();
    const reply = await signIn(key);
    expect([401, 422]).toContain(reply.status);
    expect(reply.headers['set-cookie']).toBeUndefined();
    if (key !== '') expectProblem(reply, 401, 'UNAUTHENTICATED');
  });

  test.each([[undefined], [7], [null], [['spool_']]])('asks for a text, not %j', async (key) => {
    expectProblem(await signIn(key), 422, 'VALIDATION_FAILED', ['/key']);
  });

  test('is refused to pages of other origins', async () => {
    const reply = await signIn(await make(), { Origin: 'http://evil.test' });
    expectProblem(reply, 403, 'FORBIDDEN');
    expect(reply.headers['set-cookie']).toBeUndefined();
  });
});

describe('a session', () => {
  const sessionOf = async (token: string) => cookieIn(await signIn(token)).split(';')[0] as string;

  test('is over when it is signed out of, for the browser', async () => {
    const Cookie = await sessionOf(await make());
    const reply = await app().http.delete(SESSION).set({ Cookie });
    expect(reply.status).toBe(204);
    expect(cookieIn(reply)).toMatch(/^spoolite_session=; Max-Age=0; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test('cannot be stretched, nor made another key’s', async () => {
    const cookie = await sessionOf(await make());
    await makeKey(app().file, ['admin'], { name: 'root', clock: app().clock });
    const [id, expiresAt, signature] = (cookie.split('=')[1] as string).split('.');
    const forged = [
      `${id}.${Number(expiresAt) + 1}.${signature}`,
      `2.${expiresAt}.${signature}`,
      `${id}.${expiresAt}.${signature?.slice(0, -1)}`,
      `${id}.${expiresAt}.${'é'.repeat(43)}`,
      `${id}.${expiresAt}`,
    ];
    for (const value of forged) {
      const Cookie = Buffer.from(`spoolite_session=${value}`).toString('latin1');
      expect((await app().http.get(SESSION).set({ Cookie })).body).toEqual(nobody);
      expect((await app().http.get('/api/queue/stats').set({ Cookie })).status).toBe(401);
    }
  });

  test('is not what a key in a header says: that one counts', async () => {
    const Cookie = await sessionOf(await make());
    const headers = { Cookie, 'X-API-Key': 'nonsense' };
    expectProblem(await app().http.get('/api/queue/stats').set(headers), 401, 'UNAUTHENTICATED');
  });
});
