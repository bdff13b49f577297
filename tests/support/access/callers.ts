import supertest from 'supertest';
import type { Scope } from '../../../src/domain/scope.js';
import type { App, ManualClock } from '../../../src/index.js';
import { ADMINISTRATOR, makeKey, withKeys } from './with-keys.js';

/** Somebody who asks, and what he may do; null is nobody at all. */
export interface Asking {
  who: string;
  headers: Record<string, string>;
  scopes: readonly Scope[] | null;
}

export const SCOPE_SETS: readonly Scope[][] = [
  ['read'],
  ['enqueue'],
  ['work'],
  ['admin'],
  ['enqueue', 'read'],
  ['read', 'work'],
  ['enqueue', 'work'],
  ['enqueue', 'read', 'work'],
];

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** What a browser keeps after signing in with the key. */
export async function cookieOf(app: App, token: string): Promise<string> {
  const { headers } = await supertest(app).post('/api/session').send({ key: token });
  return String(headers['set-cookie']).split(';')[0] as string;
}

/** What was good for everything once: revoked, rotated, expired. */
async function formerAdministrators(app: App, file: string, clock: ManualClock): Promise<Asking[]> {
  const endings = ['revoked', 'rotated', 'expired'] as const;
  const expiresAt = clock.now() + 60_000;
  const made = endings.map((name) => ({
    name,
    token: makeKey(file, ['admin'], { name, clock, expiresAt: name === 'expired' ? expiresAt : null }),
  }));
  const cookies = await Promise.all(made.map(({ token }) => cookieOf(app, token)));
  withKeys(
    file,
    (keys) => {
      keys.revoke('revoked', ADMINISTRATOR);
      keys.rotate('rotated', ADMINISTRATOR);
    },
    clock,
  );
  clock.advance(60_000);
  return made.flatMap(({ name, token }, at) => [
    { who: `a key that is ${name}`, headers: bearer(token), scopes: null },
    { who: `a session of a key that is ${name}`, headers: { Cookie: cookies[at] as string }, scopes: null },
  ]);
}

/** Headers that look like a key and are none. */
function pretenders(token: string): Asking[] {
  const forged = `1.${Date.UTC(2099, 0)}.${'A'.repeat(43)}`;
  const all: Record<string, Record<string, string>> = {
    'no key': {},
    'an empty key': { 'X-API-Key': '' },
    'a malformed key': bearer(token.slice(0, -1)),
    'a key of another server': bearer(`spool_${'A'.repeat(43)}`),
    'a key in capitals': bearer(token.toUpperCase()),
    'another scheme': { Authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}` },
    'no scheme': { Authorization: token },
    'two keys that differ': { ...bearer(token), 'X-API-Key': 'another' },
    'a forged session': { Cookie: `spoolite_session=${forged}` },
    'a key for a session': { Cookie: `spoolite_session=${token}` },
  };
  return Object.entries(all).map(([who, headers]) => ({ who, headers, scopes: null }));
}

/** Everybody who might ask the app on this file, with a key or without. */
export async function everybody(app: App, file: string, clock: ManualClock): Promise<Asking[]> {
  const former = await formerAdministrators(app, file, clock);
  const holders = SCOPE_SETS.map((scopes) => ({ scopes, token: makeKey(file, scopes, { clock }) }));
  const admitted: Asking[] = [];
  for (const { scopes, token } of holders) {
    const named = scopes.join(' and ');
    admitted.push({ who: `a key for ${named}`, headers: bearer(token), scopes });
    admitted.push({ who: `X-API-Key for ${named}`, headers: { 'X-API-Key': token }, scopes });
    const cookie = await cookieOf(app, token);
    admitted.push({ who: `a session for ${named}`, headers: { Cookie: cookie }, scopes });
  }
  const twice = { ...bearer(holders[3]!.token), 'X-API-Key': holders[3]!.token };
  admitted.push({ who: 'the same key twice', headers: twice, scopes: ['admin'] });
  return [...pretenders(holders[3]!.token), ...former, ...admitted];
}
