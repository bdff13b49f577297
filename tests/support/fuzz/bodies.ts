import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** JSON text, or something that nearly is. */
export type Fragment = string;

const deep = (open: string, close: string) =>
  fc.constantFrom(99, 100, 101, 20_000).map((depth) => `${open.repeat(depth)}0${close.repeat(depth)}`);

const NUMBERS = [
  ...['0', '-0', '-1', '1', '0.5', '1e3', '1e308', '1e309', '-1e999', '5e-324', '1E+2', '2147483648'],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740993'],
  ...['9223372036854775807', '18446744073709551616', '1'.repeat(400), '0.1'.padEnd(300, '1')],
];

const TEXTS = [
  ...[
    '""',
    '" "',
    '"0"',
    '"null"',
    '"true"',
    '"50"',
    '"__proto__"',
    '"constructor"',
    '"\\u0000"',
    '"\\ud800"',
  ],
  ...[
    '"\\udc00\\ud800"',
    '"\\u200b"',
    '"a\\nb"',
    '"\\u202e"',
    `"${'x'.repeat(201)}"`,
    `"${'é'.repeat(300)}"`,
  ],
  ...[
    '"😀"',
    `"${'😀'.repeat(200)}"`,
    '"\'; drop table tasks; --"',
    '"%s%n"',
    '"../../etc/passwd"',
    '"$(id)"',
  ],
  ...['"2025-02-30T00:00:00Z"', '"9999-12-31T23:59:59.999Z"', '"1969-12-31T23:59:59Z"', '"2025-11-05"'],
];

const OBJECTS = [
  ...['{}', '[]', '[null]', '[[]]', '{"":0}', '{"__proto__":{"a":1}}', '{"constructor":{"prototype":1}}'],
  ...['{"a":1,"a":2}', '{"toString":1,"hasOwnProperty":2}', '{"length":1}', '{"then":1}', '{"toJSON":1}'],
  ...['{"\\u0000":1}', '{"\\ud800":1}', '{"a":{"__proto__":null}}', `[${'0,'.repeat(2_000)}0]`],
];

const BROKEN = [
  '',
  '{',
  '[1,]',
  '{"a":}',
  'undefined',
  'NaN',
  'Infinity',
  '01',
  '+1',
  '.5',
  "'a'",
  '"',
  '"\\x"',
];

const anyJson = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }).map((value) => JSON.stringify(value));

/** Anything that may stand where JSON is expected. */
export const weird: fc.Arbitrary<Fragment> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('null', 'true', 'false', ...NUMBERS) },
  { weight: 4, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 4, arbitrary: fc.constantFrom(...OBJECTS) },
  { weight: 4, arbitrary: anyJson },
  { weight: 2, arbitrary: deep('[', ']') },
  { weight: 2, arbitrary: deep('{"a":', '}') },
  { weight: 1, arbitrary: fc.constantFrom(...BROKEN) },
);

/** An object of these members, in which a name may come twice. */
export const objectOf = (members: readonly (readonly [string, Fragment])[]): Fragment =>
  `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;

/** Stands for the token of a lease that is held, or was. */
export const LEASE_TOKEN = '$lease-token';

const text = (...values: string[]) => fc.constantFrom(...values).map((value) => JSON.stringify(value));
const whole = (min: number, max: number) => fc.integer({ min, max }).map(String);
const smallObject = fc.constantFrom('{}', '{"gpu":true}', '{"n":1}', '{"region":["a","b"]}');

/** What each field of a body usually holds. */
const USUAL: Record<string, fc.Arbitrary<Fragment>> = {
  type: text('mail', 'video', 'späßchen', 'a b'),
  priority: whole(1, 1000),
  payload: fc.constantFrom('{}', '{"to":"x"}', '{"nested":{"list":[1,2,3]}}'),
  compatibility: smallObject,
  max_attempts: whole(1, 10),
  run_after_utc: text('2025-11-05T19:35:00Z', '2099-01-01T00:00:00+02:00', '2025-11-05 19:35:00.123456'),
  // Rarely one that came before: with another request it is refused.
  idempotency_key: fc
    .oneof({ weight: 9, arbitrary: fc.nat(1_000_000) }, { weight: 1, arbitrary: fc.nat(5) })
    .map((n) => `"key-${n}"`),
  worker_id: text('worker-1', 'worker-2'),
  types: fc.constantFrom('["mail"]', '["mail","video"]', '["mail","mail"]'),
  capabilities: smallObject,
  limit: whole(1, 20),
  lease_seconds: whole(5, 60),
  strategy: text('priority', 'fifo', 'lifo', 'weighted_random'),
  wait: fc.constantFrom('0', '0.01'),
  lease_token: fc.constant(JSON.stringify(LEASE_TOKEN)),
  progress: whole(0, 100),
  progress_message: text('half', ''),
  result: fc.constantFrom('null', '{"ok":true}', '[1]', '"text"', '0'),
  error_message: text('broken', ''),
  retry: fc.constantFrom('true', 'false'),
  retry_after_seconds: whole(0, 100),
  level: text('debug', 'info', 'warning', 'error'),
  message: text('a message', ''),
  details: fc.constantFrom('null', '{"a":1}'),
};

const TASK_FIELDS = ['type', 'priority', 'payload', 'compatibility', 'max_attempts', 'run_after_utc'];

const UNKNOWN = ['unknown', '__proto__', 'constructor', 'prototype', 'toString', '', 'Type', 'task_id'];

/** Waits that would keep the test. */
const isLong = (name: string, value: Fragment): boolean =>
  name === 'wait' && Number(value) > 0.05 && Number(value) <= 60;

function member(name: string): fc.Arbitrary<[string, Fragment]> {
  const usual = usualOf(name);
  const value = fc.oneof({ weight: 30, arbitrary: usual }, { weight: 1, arbitrary: weird });
  return value.map((fragment) => [name, isLong(name, fragment) ? '0.05' : fragment]);
}

function usualOf(name: string): fc.Arbitrary<Fragment> {
  if (name === 'tasks') return listOf([...TASK_FIELDS, 'idempotency_key']);
  if (name === 'entries') return listOf(['level', 'message', 'details']);
  return USUAL[name] ?? weird;
}

const listOf = (names: readonly string[]): fc.Arbitrary<Fragment> =>
  fc.array(object(names), { maxLength: 4 }).map((items) => `[${items.join(',')}]`);

/** An object of most of these fields; now and then with one that does not belong. */
function object(names: readonly string[]): fc.Arbitrary<Fragment> {
  const known = names.map((name) =>
    fc.oneof({ weight: 9, arbitrary: member(name) }, { weight: 1, arbitrary: fc.constant(null) }),
  );
  const unknown = fc.oneof(
    { weight: 30, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...UNKNOWN, ...names), weird) },
  );
  return fc
    .tuple(...known, unknown)
    .map((members) => objectOf(members.filter((entry): entry is [string, Fragment] => entry !== null)));
}

const bytesOf = (fragment: Fragment): Buffer => Buffer.from(fragment);

/** The bytes of a request for an endpoint that takes these fields, before any compression. */
export const bodies = (fields: readonly string[]): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: 60, arbitrary: object(fields).map(bytesOf) },
    { weight: 2, arbitrary: weird.map(bytesOf) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    { weight: 1, arbitrary: object(fields).map((fragment) => Buffer.from(`\ufeff${fragment}`)) },
    { weight: 1, arbitrary: object(fields).map((fragment) => Buffer.from(fragment, 'utf16le')) },
    { weight: 1, arbitrary: object(fields).map((fragment) => bytesOf(fragment).subarray(0, -1)) },
    { weight: 1, arbitrary: object(fields).map((fragment) => bytesOf(`${fragment}${fragment}`)) },
    { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
  );

/** What a `Content-Encoding` that is true would make of the bytes. */
export const encoded = (bytes: Buffer, encoding: string): Buffer => {
  if (encoding === 'gzip') return gzipSync(bytes);
  return encoding === 'deflate' ? deflateSync(bytes) : bytes;
};
