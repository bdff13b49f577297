import { once } from 'node:events';
import { type Agent, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import supertest from 'supertest';
import { administerKeys } from '../../src/admin/file-tools.js';
import { administerSqliteKeys } from '../../src/admin/keys.js';
import type { Actor, Scope } from '../../src/core/access.js';
import { type App, type Clock, type ManualClock, systemClock } from '../../src/index.js';
import type { KeyAdministration } from '../../src/repositories/key-repository.js';

/** Who makes keys in tests, as the audit log tells it. */
export const ADMINISTRATOR: Actor = { name: 'cli:test', address: null, requestId: null };

/** Does something with the keys of a file, as a command does that runs beside a server. */
export async function withKeys<Result>(
  file: string,
  use: (keys: KeyAdministration) => Promise<Result>,
  clock: Clock = systemClock,
): Promise<Result> {
  const keys = administerSqliteKeys(file, { clock, create: false, createFolder: false });
  try {
    return await use(keys);
  } finally {
    await keys.close();
  }
}

/** A new key of these scopes, named after them unless it has a name; its token. */
export const makeKey = (
  file: string,
  scopes: Scope[],
  {
    name = scopes.join(' and '),
    expiresAt = null,
    clock,
  }: { name?: string; expiresAt?: number | null; clock?: Clock } = {},
): Promise<string> =>
  withKeys(file, (keys) => keys.create({ name, scopes, expiresAt }, ADMINISTRATOR), clock);

const BY = { name: 'cli:test', address: null, requestId: null };

async function administered<T>(file: string, act: (keys: KeyAdministration) => Promise<T>): Promise<T> {
  const keys = administerKeys(file);
  try {
    return await act(keys);
  } finally {
    await keys.close();
  }
}

/** Keys of a database file, as the commands make and revoke them. */
export const keysOf = (file: string) => ({
  /** Returns the token. */
  create: (name: string, scopes: Scope[] = ['admin']): Promise<string> =>
    administered(file, (keys) => keys.create({ name, scopes, expiresAt: null }, BY)),
  revoke: (name: string): Promise<void> => administered(file, (keys) => keys.revoke(name, BY)),
});

export interface AccessRequest {
  port: number;
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Connections that stay; else each request has its own. */
  agent?: Agent;
}

export interface AccessReply {
  status: number;
  headers: IncomingHttpHeaders;
  /** Parsed, of a refusal; of nothing else is more read than the head: a stream would not end. */
  // biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
  problem: any;
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return text;
}

/** Sends a request and resolves once it is known whether it was let in. */
export async function ask({ port, method, path, headers, body, agent }: AccessRequest): Promise<AccessReply> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const req = request({
    port,
    host: '127.0.0.1',
    method,
    path,
    agent: agent ?? false,
    headers: {
      ...headers,
      ...(text !== undefined && {
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(text)),
      }),
    },
  });
  req.end(text);
  const [response] = (await once(req, 'response')) as [IncomingMessage];
  const { statusCode: status = 0, headers: answered } = response;
  if (status === 401 || status === 403)
    return { status, headers: answered, problem: JSON.parse(await textOf(response)) };
  if (answered['content-type']?.startsWith('text/event-stream')) req.destroy();
  else await textOf(response);
  return { status, headers: answered, problem: null };
}

/** Somebody who asks, and what he may do; null is nobody at all. */
export interface AccessCase {
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
async function formerAdministrators(app: App, file: string, clock: ManualClock): Promise<AccessCase[]> {
  const endings = ['revoked', 'rotated', 'expired'] as const;
  const expiresAt = clock.now() + 60_000;
  const making = endings.map(async (name) => ({
    name,
    token: await makeKey(file, ['admin'], { name, clock, expiresAt: name === 'expired' ? expiresAt : null }),
  }));
  const made = await Promise.all(making);
  const cookies = await Promise.all(made.map(({ token }) => cookieOf(app, token)));
  await withKeys(
    file,
    async (keys) => {
      await keys.revoke('revoked', ADMINISTRATOR);
      await keys.rotate('rotated', ADMINISTRATOR);
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
function pretenders(token: string): AccessCase[] {
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
export async function everybody(app: App, file: string, clock: ManualClock): Promise<AccessCase[]> {
  const former = await formerAdministrators(app, file, clock);
  const making = SCOPE_SETS.map(async (scopes) => ({
    scopes,
    token: await makeKey(file, scopes, { clock }),
  }));
  const holders = await Promise.all(making);
  const admitted: AccessCase[] = [];
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
