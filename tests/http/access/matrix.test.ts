import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Agent, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Route } from '../../../src/controllers/route.js';
import { grants } from '../../../src/core/access.js';
import { type AccessCase, type AccessReply, ask, everybody } from '../../support/access.js';
import { ROUTES } from '../../support/api-document.js';
import { api, TestApp } from '../../support/test-app.js';

/** The transports that may answer a request; which takes which is up to them. */
const TRANSPORTS = ['Express', "node's http", 'raw'] as const;

type Transport = (typeof TRANSPORTS)[number];

const EXISTING = 1;
const MISSING = 99_999;

// So many wrong keys are told more than once here that they are.
const app = new TestApp({ authFailuresPerMinute: 1_000_000 });
const ports = { Express: 0, "node's http": 0, raw: 0 };
const raw = new Agent({ keepAlive: true, maxSockets: 1 });
let all: AccessCase[] = [];
let readByNode = 0;

const count = (message: unknown): void => {
  const { socket } = (message as { request: IncomingMessage }).request;
  if (socket.localPort === ports.raw) readByNode++;
};

beforeAll(async () => {
  await app.listen();
  await api.enqueue(app);
  ports.Express = app.port;
  ports.raw = Number(new URL(await app.app.start({ port: 0 })).port);
  ports["node's http"] = ports.raw;
  all = await everybody(app.app, app.file, app.clock);
  subscribe('http.server.request.start', count);
});

afterAll(async () => {
  unsubscribe('http.server.request.start', count);
  raw.destroy();
  await app.close();
});

/** A body that the route takes, as its documentation has it; no task of it is ever claimed by a token like that. */
function bodyOf({ docs, schemas }: Route, isValid: boolean): unknown {
  if (!schemas?.body) return undefined;
  if (!isValid) return { nonsense: [] };
  const [example] = Object.values(docs.bodies ?? {});
  return example?.value;
}

const askRoute = (transport: Transport, route: Route, { headers }: AccessCase, id: number, isValid = true) =>
  ask({
    port: ports[transport],
    method: route.method.toUpperCase(),
    path: route.path.replace(':task_id', String(id)),
    headers,
    body: bodyOf(route, isValid),
    ...(transport === 'raw' && { agent: raw }),
  });

/** What his scopes say: null is anything but a refusal. */
function expected({ scopes }: AccessCase, route: Route): 401 | 403 | null {
  if (route.scopes.length === 0) return null;
  if (scopes === null) return 401;
  return grants(scopes, route.scopes) ? null : 403;
}

const codes = { 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN' };

/** A refusal without what differs from one to the next. */
const refusalOf = ({ status, problem }: AccessReply) => {
  const { timestamp: _, request_id: __, ...rest } = problem ?? {};
  return { status, ...rest };
};

async function assertRefused(
  transport: Transport,
  route: Route,
  asking: AccessCase,
  status: 401 | 403,
): Promise<void> {
  const first = await askRoute(transport, route, asking, EXISTING);
  expect(first.problem).toMatchObject({ status, error_code: codes[status] });
  expect(first.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(first.headers['www-authenticate']).toBe(status === 401 ? 'Bearer realm="spoolite"' : undefined);
  const others = [
    await askRoute(transport, route, asking, MISSING),
    await askRoute(transport, route, asking, EXISTING, false),
  ];
  for (const other of others) expect(refusalOf(other)).toEqual(refusalOf(first));
}

/** Signing in is for everybody, and says itself that a key is none. */
const isSignIn = ({ docs }: Route): boolean => docs.operationId === 'signIn';

async function assertLetIn(transport: Transport, route: Route, asking: AccessCase): Promise<void> {
  for (const isValid of isSignIn(route) ? [false] : [true, false]) {
    const { status } = await askRoute(transport, route, asking, MISSING, isValid);
    expect([route.path, status]).not.toEqual([route.path, 401]);
    expect([route.path, status]).not.toEqual([route.path, 403]);
  }
}

async function judge(transport: Transport, asking: AccessCase): Promise<string[]> {
  const judged: string[] = [];
  for (const route of ROUTES) {
    const status = expected(asking, route);
    const name = `${route.method} ${route.path}`;
    try {
      if (status === null) await assertLetIn(transport, route, asking);
      else await assertRefused(transport, route, asking, status);
    } catch (error) {
      throw new Error(
        `${asking.who}: ${name} by ${transport}: expected ${status ?? 'to be let in'}\n${error}`,
      );
    }
    judged.push(name);
  }
  return judged;
}

describe.each(TRANSPORTS)('by %s', (transport) => {
  test('everybody may do what his scopes say, and nothing else is said to anybody', async () => {
    expect(all.length).toBeGreaterThan(35);
    for (const asking of all) expect(await judge(transport, asking)).toHaveLength(ROUTES.length);
  }, 120_000);
});

test('a plain poll is refused by the raw transport itself', async () => {
  const before = readByNode;
  const fresh = new Agent({ keepAlive: true, maxSockets: 1 });
  const poll = { port: ports.raw, method: 'GET', path: '/api/queue/tasks/1', agent: fresh };
  const statuses = [];
  for (const asking of [all[0]!, all.find(({ who }) => who === 'a key for work')!])
    statuses.push((await ask({ ...poll, headers: asking.headers })).status);
  fresh.destroy();
  expect(statuses).toEqual([401, 403]);
  expect(readByNode).toBe(before);
});
