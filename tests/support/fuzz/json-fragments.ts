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
