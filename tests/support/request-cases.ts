import { TASKS } from './polling-server.js';

/** A request for the path, with these header lines after its Host. */
export const get = (path: string, ...lines: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n');

export const poll = (id: number | string, ...lines: string[]): string =>
  get(`/api/queue/tasks/${id}`, ...lines);

const { queued, scheduled, processing, completed, failed, large } = TASKS;

/** Name; what is sent, each piece by itself; the statuses of the answers. */
export type PollCase = [string, string[], number[]];

/** What the raw transport answers: plain requests, one at a time. `tag` is that of the completed task. */
export const plainPolls = (tag: string): PollCase[] => [
  ['a queued task', [poll(queued)], [200]],
  ['a scheduled task', [poll(scheduled)], [200]],
  ['a task under way', [poll(processing)], [200]],
  ['a completed task', [poll(completed)], [200]],
  ['a failed task', [poll(failed)], [200]],
  ['a large task', [poll(large)], [200]],
  ['an unknown task', [poll(99_999)], [404]],
  ['the largest id that is tried', [poll('999999999999999')], [404]],
  ['one poll after the other', [poll(queued), poll(99_999), poll(completed)], [200, 404, 200]],
  ['its tag', [poll(completed, `If-None-Match: ${tag}`)], [304]],
  ['its tag as a strong one', [poll(completed, `if-none-match: ${tag.slice(2)}`)], [304]],
  ['its tag in a list', [poll(completed, `IF-NONE-MATCH: "0", W/"x", ${tag}, "y"`)], [304]],
  ['any tag', [poll(completed, 'If-None-Match: *')], [304]],
  ['any tag of a queued task', [poll(queued, 'If-None-Match: *')], [304]],
  ['any tag of an unknown task', [poll(99_999, 'If-None-Match: *')], [404]],
  ['another tag', [poll(completed, 'If-None-Match: "0"')], [200]],
  ['no tag', [poll(completed, 'If-None-Match:')], [200]],
  ['nonsense for a tag', [poll(completed, 'If-None-Match: nonsense')], [200]],
  ['304 after 200', [poll(completed), poll(completed, `If-None-Match: ${tag}`)], [200, 304]],
  ['a sane id of its own', [poll(queued, 'X-Request-Id: mine-"\\1')], [200]],
  ['a sane id of its own, not found', [poll(99_999, 'x-request-id: mine-2')], [404]],
  ['an id of two words', [poll(queued, 'X-Request-Id: two words')], [200]],
  ['an empty id', [poll(queued, 'X-Request-Id:')], [200]],
  ['an endless id', [poll(queued, `X-Request-Id: ${'x'.repeat(129)}`)], [200]],
  ['no space after the colons', [poll(queued, 'X-Request-Id:tight')], [200]],
  [
    'keep-alive',
    [poll(queued, 'Connection: keep-alive'), poll(queued, 'connection: Keep-Alive')],
    [200, 200],
  ],
  [
    'what a browser sends',
    [poll(queued, 'Accept: */*', 'Accept-Language: *', 'Sec-Fetch-Mode: cors', 'User-Agent: a (b; c) "d"')],
    [200],
  ],
  ['a name of every token character', [poll(queued, "!#$%&'*+-.^_`|~09azAZ: x")], [200]],
  ['an id too large to exist', [poll('9999999999999999999')], [404]],
  [
    'two hosts where nothing is, and nonsense behind',
    [`${get('/nowhere', 'Host: b')}nonsense\r\n\r\n`],
    [400],
  ],
  ['an id that is none', [poll('007')], [422]],
  ['a query', [poll('1?x=1')], [422]],
  ['a query of the client’s own', [poll('1?_=1')], [200]],
  ['an empty query', [poll('1?')], [200]],
  ['a wait', [poll(`${completed}?wait=1`)], [200]],
  ['a preference', [poll(completed, 'Prefer: wait=1')], [200]],
  ['a slash at the end', [poll('1/')], [200]],
  ['an encoded digit', [poll('%31')], [200]],
  ['a cookie', [poll(queued, 'Cookie: a=b; c=d')], [200]],
  [
    'a page of the same origin',
    [poll(queued, 'Origin: http://localhost', 'Sec-Fetch-Site: same-origin')],
    [200],
  ],
  ['a page of another origin', [poll(queued, 'Origin: http://evil.example')], [403]],
  ['a method override', [poll(queued, 'X-HTTP-Method-Override: DELETE')], [200]],
  ['the statistics', [get('/api/queue/stats'), get('/api/queue/stats/types')], [200, 200]],
  ['a list', [get('/api/queue/tasks?limit=3'), get('/api/queue/tasks?status=failed')], [200, 200]],
  ['tasks by their ids', [get('/api/queue/tasks?ids=1,6,2')], [200]],
  ['the log of a task', [get(`/api/queue/tasks/${completed}/logs`)], [200]],
  ['the feed', [get('/api/queue/changes?cursor=0&limit=2')], [200]],
  ['the events of a finished task', [get(`/api/queue/tasks/${completed}/events`)], [200]],
  ['the session', [get('/api/session')], [200]],
];

/** What only node may judge. The statuses are what node says; 400s are its own. */
export const unusualPolls = (): PollCase[] => [
  ['the same harmless header twice', [poll(queued, 'Accept: a', 'Accept: b')], [200]],
  ['an absolute target', [get('http://x/api/queue/tasks/1')], [200]],
  ['HEAD', [poll(queued).replace('GET', 'HEAD')], [200]],
  ['HEAD with any tag', [poll(queued, 'If-None-Match: *').replace('GET', 'HEAD')], [304]],
  ['OPTIONS', [poll(queued).replace('GET', 'OPTIONS')], [204]],
  ['DELETE', [poll(queued).replace('GET', 'DELETE')], [405]],
  ['a method in lower case', [poll(queued).replace('GET', 'get')], [400]],
  ['HTTP/1.0', [poll(queued).replace('1.1', '1.0')], [200]],
  ['HTTP/1.0 with keep-alive', [poll(queued, 'Connection: keep-alive').replace('1.1', '1.0')], [200]],
  ['HTTP/1.2', [poll(queued).replace('1.1', '1.2')], [400]],
  ['Connection: close', [poll(queued, 'Connection: close')], [200]],
  ['Connection: close, not found', [poll(99_999, 'Connection: close')], [404]],
  ['Connection twice', [poll(queued, 'Connection: keep-alive', 'Connection: close')], [200]],
  ['Connection with more in it', [poll(queued, 'Connection: keep-alive, x-request-id')], [200]],
  ['Proxy-Connection: close', [poll(queued, 'Proxy-Connection: close')], [200]],
  ['two tags in two headers', [poll(completed, 'If-None-Match: "0"', 'If-None-Match: *')], [200]],
  ['two ids', [poll(queued, 'X-Request-Id: a', 'X-Request-Id: b')], [200]],
  ['pipelined', [poll(queued) + poll(99_999) + poll(completed)], [200, 404, 200]],
  [
    'pipelined after one alone',
    [poll(queued), poll(failed) + poll(99_999), poll(queued)],
    [200, 200, 404, 200],
  ],
  [
    'a POST after a poll',
    [
      poll(queued),
      'POST /api/queue/enqueue HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n',
      poll(queued),
    ],
    [200, 422, 200],
  ],
  ['an empty line before', [`\r\n${poll(queued)}`], [200]],
  ['an empty line after', [`${poll(queued)}\r\n`], [200]],
  ['no Host', ['GET /api/queue/tasks/1 HTTP/1.1\r\n\r\n'], [400]],
  ['no Host but another header', ['GET /api/queue/tasks/1 HTTP/1.1\r\nAccept: *\r\n\r\n'], [400]],
  ['a continued line', [poll(queued, 'X-Request-Id: a', ' b')], [400]],
  ['bare line feeds', [poll(queued).replaceAll('\r\n', '\n')], [400]],
  ['one bare line feed', [poll(queued, 'A: b').replace('localhost\r\n', 'localhost\n')], [400]],
  ['a bare carriage return', [poll(queued, 'A: b\rC: d')], [400]],
  ['a NUL in a value', [poll(queued, 'A: b\0c')], [400]],
  ['a NUL in the path', [poll('1\0')], [400]],
  ['a space before the colon', [poll(queued, 'X-Request-Id : a')], [400]],
  ['a line without a colon', [poll(queued, 'nonsense')], [400]],
  ['two spaces in the request line', [poll(queued).replace('GET ', 'GET  ')], [200]],
  ['a tab in the request line', [poll(queued).replace('GET ', 'GET\t')], [400]],
  ['tabs and spaces around a value', [poll(queued, 'X-Request-Id: \t mine \t')], [200]],
  ['bytes past ASCII in a value', [poll(queued, 'X-Request-Id: \xfc')], [200]],
  ['a long header', [poll(queued, `A: ${'a'.repeat(8_000)}`)], [200]],
  ['headers past the limit', [poll(queued, `A: ${'a'.repeat(20_000)}`)], [431]],
  ['very many headers', [poll(queued, ...Array.from({ length: 1_500 }, () => 'a:b'))], [200]],
  ['a body', [`${poll(queued, 'Content-Length: 5')}hello`, poll(completed)], [200, 200]],
  ['an empty body', [poll(queued, 'Content-Length: 0')], [200]],
  ['two lengths', [`${poll(queued, 'Content-Length: 0', 'Content-Length: 5')}hello`], [400]],
  ['a length that is none', [poll(queued, 'Content-Length: -1')], [400]],
  [
    'a request in a body',
    [`${poll(queued, `Content-Length: ${poll(completed).length}`)}${poll(completed)}`],
    [200],
  ],
  [
    'a chunked body',
    [`${poll(queued, 'Transfer-Encoding: chunked')}1\r\na\r\n0\r\n\r\n`, poll(queued)],
    [200, 200],
  ],
  [
    'both kinds of length',
    [`${poll(queued, 'Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`],
    [400],
  ],
  ['an encoding that is none', [poll(queued, 'Transfer-Encoding: chunked, x')], [400]],
  ['Expect', [poll(queued, 'Expect: 100-continue')], [100, 200]],
  ['an expectation that is none', [poll(queued, 'Expect: more')], [417]],
  ['an upgrade', [poll(queued, 'Connection: upgrade', 'Upgrade: websocket')], [200]],
  ['a TLS handshake', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'], [400]],
  ['nothing', [], []],
];

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
