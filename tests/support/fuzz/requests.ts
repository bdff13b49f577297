import fc from 'fast-check';
import type { Schema } from 'joi';
import { openSqliteStorage } from '../../../src/app/open-sqlite-storage.js';
import { DEFAULTS } from '../../../src/config/options.js';
import { createControllers } from '../../../src/controllers/controllers.js';
import type { Route } from '../../../src/controllers/route.js';
import { createRoutes } from '../../../src/http/routes.js';
import { systemClock } from '../../../src/index.js';
import { bodies, encoded } from './bodies.js';

export interface Endpoint {
  method: string;
  /** With `:task_id` for an id. */
  path: string;
  /** Names of the body's fields; null when the endpoint takes none. */
  fields: string[] | null;
  parameters: string[];
}

const keysOf = (schema: unknown): string[] =>
  Object.keys(((schema as Schema | undefined)?.describe().keys ?? {}) as object);

const toEndpoint = ({ method, path, schemas }: Route): Endpoint => ({
  method: method.toUpperCase(),
  path,
  fields: schemas?.body ? keysOf(schemas.body) : null,
  parameters: keysOf(schemas?.query),
});

/** Every endpoint of the route table, so that a new one is fuzzed as soon as it is there. */
export async function endpoints(): Promise<Endpoint[]> {
  const storage = openSqliteStorage({
    file: ':memory:',
    durability: 'normal',
    clock: systemClock,
    random: Math.random,
  });
  const controllers = createControllers({
    settings: DEFAULTS,
    repositories: storage.repositories,
    clock: systemClock,
    version: '0',
    readiness: () => storage.check(),
    onCommit: (listener) => storage.onCommit(listener),
  });
  const routes = createRoutes(controllers, '0');
  await storage.close();
  return routes.map(toEndpoint);
}

export interface FuzzRequest {
  method: string;
  /** With `:task_id` where the id of a lease is to stand. */
  path: string;
  headers: Record<string, string>;
  body: Buffer | null;
  /** Which of the leases seen last the placeholders stand for. */
  lease: number;
}

const IDS = [
  ...['0', '-1', '01', '1.5', '1e3', 'abc', '%31', '%00', '%20', '%e2%82%ac', '%E0%A4%A', '%', '..', '.'],
  ...['9007199254740991', '9007199254740993', '99999999999999999999', '1;2', '1,2', '٣', 'x'.repeat(3_000)],
].map((id) => (id === '٣' ? encodeURIComponent(id) : id));

/** What a worker says is mostly about a lease of its own. */
const taskIds = ({ fields }: Endpoint): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }).map(String) },
    { weight: fields?.includes('lease_token') ? 30 : 1, arbitrary: fc.constant(':task_id') },
    { weight: 2, arbitrary: fc.constantFrom(...IDS) },
  );

const VALUES = [
  ...[
    '',
    '0',
    '1',
    '5',
    '1000',
    '1001',
    '-1',
    '1.5',
    '1e2',
    'abc',
    'queued',
    'failed',
    'mail',
    'info',
    'now',
  ],
  ...[
    'true',
    'null',
    '%00',
    '%E0%A4%A',
    '%F0%9F%98%80',
    '+',
    '%2B',
    '1,2,3',
    '1,,2',
    '1,2,x',
    '99999999999999999999',
  ],
  ...['MS5hYmNkZWZnaA', "'", '%22', 'a'.repeat(2_000), '0.01', '0.05', '61'],
];

/** No wait here is long: `wait` takes none of the values between 0.05 and 60. */
const isBearable = ([name, value]: readonly [string, string]): boolean =>
  !name.toLowerCase().startsWith('wait') || !(Number(value) > 0.05 && Number(value) <= 60);

const query = (parameters: readonly string[]): fc.Arbitrary<string> => {
  const name = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...(parameters.length > 0 ? parameters : ['x'])) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('x', '__proto__', 'limit[]', 'status[a]', 'constructor', '', '%'),
    },
  );
  return fc
    .array(fc.tuple(name, fc.constantFrom(...VALUES)).filter(isBearable), { maxLength: 4 })
    .map((pairs) => pairs.map(([key, value]) => `${key}=${value}`).join('&'));
};

const HEADERS: Record<string, string[]> = {
  'content-type': [
    ...[
      'application/json',
      'application/json; charset=utf-8',
      'APPLICATION/JSON',
      'application/merge-patch+json',
    ],
    ...[
      'text/plain',
      'application/json; charset=latin1',
      'application/json;',
      '',
      'json',
      'multipart/form-data',
    ],
    ...[
      'application/x-www-form-urlencoded',
      'application/json; charset="utf-8"',
      'application/json, text/plain',
    ],
  ],
  'idempotency-key': [
    'key-1',
    '"key-2"',
    '""',
    '"',
    'a,b',
    '"a\\"b"',
    'ü',
    '"\\',
    'x'.repeat(256),
    ' ',
    'key-3',
  ],
  'x-request-id': ['abc-123', '', 'x'.repeat(129), 'a b', 'é', '"', '<script>', '$(id)'],
  'if-none-match': ['*', '"1"', 'W/"1"', '""', '1', '"1", "2"', '"', ','],
  'last-event-id': ['1', '0', '-1', 'abc', '99999999999999999999', '', 'now'],
  prefer: ['wait=0', 'wait=-1', 'wait', 'wait=x', 'respond-async, wait=0', ';;', 'wait="0"', ''],
  accept: ['*/*', 'text/event-stream', 'application/xml', '', ';q=2'],
  'accept-encoding': ['gzip', '*;q=0', 'br', ''],
  expect: ['100-continue'],
  'transfer-encoding': ['chunked'],
  origin: ['null', 'http://example.com'],
  range: ['bytes=0-1'],
  'x-http-method-override': ['DELETE'],
  connection: ['close'],
  cookie: ['a=b; c'],
};

const headers: fc.Arbitrary<Record<string, string>> = fc
  .array(
    fc.oneof(
      {
        weight: 1,
        arbitrary: fc
          .constantFrom(...Object.entries(HEADERS))
          .chain(([name, values]) => fc.tuple(fc.constant(name), fc.constantFrom(...values))),
      },
      { weight: 6, arbitrary: fc.constant(['x-nothing', '1'] as [string, string]) },
    ),
    { maxLength: 3 },
  )
  .map((entries) => Object.fromEntries(entries));

const METHODS = ['GET', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'];

const ENCODINGS = ['gzip', 'deflate', 'br', 'zstd', 'x', 'identity', 'GZIP', 'gzip, gzip', ''];

/** Bytes as they are, or compressed, or said to be. */
const withEncoding = (bytes: Buffer): fc.Arbitrary<[Buffer, Record<string, string>]> =>
  fc.oneof(
    { weight: 30, arbitrary: fc.constant<[Buffer, Record<string, string>]>([bytes, {}]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...ENCODINGS), fc.boolean())
        .map(([name, isTrue]): [Buffer, Record<string, string>] => [
          isTrue ? encoded(bytes, name) : bytes,
          { 'content-encoding': name },
        ]),
    },
  );

const suffixes = fc.oneof(
  { weight: 20, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('/', '/x', '//') },
);

const paths = (endpoint: Endpoint): fc.Arbitrary<string> =>
  fc
    .tuple(taskIds(endpoint), query(endpoint.parameters), suffixes)
    .map(
      ([id, queryText, suffix]) =>
        `${endpoint.path.replace(':task_id', id)}${suffix}${queryText === '' ? '' : `?${queryText}`}`,
    );

function requestFor(endpoint: Endpoint): fc.Arbitrary<FuzzRequest> {
  const method = fc.oneof(
    { weight: 15, arbitrary: fc.constant(endpoint.method) },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  );
  const body = fc.oneof(
    { weight: endpoint.fields ? 20 : 1, arbitrary: bodies(endpoint.fields ?? ['x']).chain(withEncoding) },
    { weight: endpoint.fields ? 1 : 9, arbitrary: fc.constant<[null, Record<string, string>]>([null, {}]) },
  );
  return fc
    .tuple(method, paths(endpoint), headers, body, fc.noBias(fc.nat(9)))
    .map(([verb, path, given, [bytes, encoding], lease]) => ({
      method: verb,
      path,
      headers: { ...(bytes && { 'content-type': 'application/json' }), ...encoding, ...given },
      body: bytes,
      lease,
    }));
}

/** Requests to all endpoints alike, most of them nearly right. */
export const requests = (endpoints: readonly Endpoint[]): fc.Arbitrary<FuzzRequest> =>
  fc.oneof(...endpoints.map(requestFor));
