import { TASKS } from './poll-roads.js';

/** A request for the path, with these header lines after its Host. */
export const get = (path: string, ...lines: string[]): string =>
  [`GET ${path} HTTP/1.1`, 'Host: localhost', ...lines, '', ''].join('\r\n');

export const poll = (id: number | string, ...lines: string[]): string =>
  get(`/api/queue/tasks/${id}`, ...lines);

const { queued, scheduled, processing, completed, failed, large } = TASKS;

/** Name; what is sent, each piece by itself; the statuses of the answers. */
export type PollCase = [string, string[], number[]];

/** What is answered ahead of node's http server: plain polls, one at a time. `tag` is that of the completed task. */
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
  ['the same harmless header twice', [poll(queued, 'Accept: a', 'Accept: b')], [200]],
];

/** What only node may judge. The statuses are what node says; 400s are its own. */
export const unusualPolls = (): PollCase[] => [
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
