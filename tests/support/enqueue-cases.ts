/** A request for a task: what is sent, byte for byte, and its headers. */
export interface EnqueueCase {
  what: string;
  body: string | Buffer | null;
  headers?: Record<string, string>;
  path?: string;
  method?: string;
  /** Sent in chunks, without saying its length. */
  isChunked?: boolean;
}

const json = (what: string, value: unknown, headers: Record<string, string> = {}): EnqueueCase => ({
  what,
  body: JSON.stringify(value),
  headers,
});

const VALUES: [string, unknown][] = [
  ['only a type', { type: 'mail' }],
  [
    'everything',
    {
      type: ' mail ',
      priority: 1,
      payload: { text: 'grüße 🎉', n: [1, { a: null }] },
      compatibility: { b: 1, a: ['x'] },
      max_attempts: 10,
      run_after_utc: '2030-01-02T03:04:05.678+09:00',
      idempotency_key: 'in the body',
    },
  ],
  ['null where it means absent', { type: 'mail', run_after_utc: null, idempotency_key: null }],
  ['null elsewhere', { type: 'mail', payload: null, priority: null }],
  [
    'the key again',
    {
      type: 'mail',
      run_after_utc: '2030-01-02T03:04:05.678+09:00',
      idempotency_key: 'in the body',
      priority: 1,
      max_attempts: 10,
      payload: { n: [1, { a: null }], text: 'grüße 🎉' },
      compatibility: { a: ['x'], b: 1 },
    },
  ],
  ['the key for another request', { type: 'video', idempotency_key: 'in the body' }],
  ['no type', {}],
  ['several mistakes', { type: '', priority: '50', max_attempts: 11, pri: 1, payload: [] }],
  ['an array', [{ type: 'mail' }]],
  ['a text', 'mail'],
  ['null', null],
  ['a day that is not', { type: 'mail', run_after_utc: '2025-02-30T00:00:00Z' }],
  ['names of the prototype', JSON.parse('{"type":"mail","payload":{"__proto__":{"a":1},"constructor":1}}')],
  ['a large payload', { type: 'mail', payload: { text: 'x'.repeat(90_000) } }],
  ['too large a body', { type: 'mail', payload: { text: 'x'.repeat(110_000) } }],
];

const BODIES: [string, string | Buffer | null][] = [
  ['no body', null],
  ['an empty body', ''],
  ['half a body', '{"type":"ma'],
  ['a comma too many', '{"type":"mail",}'],
  ['an integer that would be rounded', '{"type":"mail","payload":{"n":9007199254740993}}'],
  ['a body nested too deep', `{"type":"mail","payload":{"a":${'['.repeat(120)}${']'.repeat(120)}}}`],
  ['bytes that are not UTF-8', Buffer.from([...Buffer.from('{"type":"'), 0xff, ...Buffer.from('"}')])],
  ['a byte order mark', Buffer.from('\ufeff{"type":"mail"}')],
  ['the same name twice', '{"type":"mail","type":"video"}'],
];

const TYPES = [
  'application/json; charset=utf-8',
  'APPLICATION/JSON;charset=UTF-8',
  'application/json; charset=latin1',
  'application/json; boundary=x',
  'application/problem+json',
  'text/plain',
  '',
];

const MAIL = { type: 'mail' };

/** Requests of every kind for `POST /api/queue/enqueue`; they follow each other on one queue, with a limit of 100,000 bytes. */
export const ENQUEUE_CASES: EnqueueCase[] = [
  ...VALUES.map(([what, value]) => json(what, value)),
  ...BODIES.map(([what, body]) => ({ what, body })),
  ...TYPES.map((type) => json(`the type "${type}"`, MAIL, { 'Content-Type': type })),
  json('a key in the header', MAIL, { 'Idempotency-Key': 'in the header' }),
  json('a key in quotes in the header, again', MAIL, { 'Idempotency-Key': '"in the header"' }),
  json('the same key in both', { ...MAIL, idempotency_key: 'both' }, { 'Idempotency-Key': 'both' }),
  json('another key in both', { ...MAIL, idempotency_key: 'one' }, { 'Idempotency-Key': 'other' }),
  json('too long a key, and a mistake', { type: 1 }, { 'Idempotency-Key': 'k'.repeat(300) }),
  json('an id of its own', MAIL, { 'X-Request-Id': 'mine' }),
  json('a compression that is none', MAIL, { 'Content-Encoding': 'gzip' }),
  { ...json('a query', MAIL), path: '/api/queue/enqueue?wait=1' },
  { ...json('a slash at the end', MAIL), path: '/api/queue/enqueue/' },
  { ...json('another method', MAIL), method: 'PUT' },
  { ...json('chunks', MAIL), isChunked: true },
  { ...json('chunks that are too large', { text: 'x'.repeat(110_000) }), isChunked: true },
];
