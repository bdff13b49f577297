import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { Client } from '../support/client.js';
import { useGuardedServer } from '../support/guarded-server.js';
import { RawClient } from '../support/http-clients.js';
import { get, poll } from '../support/request-cases.js';
import { regexLiterals } from './regex-literals.js';

const open = useGuardedServer();

/** What is said again and again to an expression that might look at each place again and again. */
const PUMPS = [
  ...[
    '"',
    '\\',
    '"\\',
    '"a',
    '"a",',
    '"a" ,',
    ' ',
    '\t',
    'a',
    '1',
    '0',
    '-',
    ':',
    '.',
    ',',
    ';',
    '/',
    '?',
    '=',
    '_',
  ],
  ...[
    '%',
    '+',
    '*',
    '@',
    '[',
    '{',
    '<',
    '>',
    "'",
    '\n',
    '\r\n',
    'a=',
    'a,',
    'a ',
    ' a',
    '1:',
    '1.',
    '1,',
    'W/',
    'ä',
  ],
  ...[
    'wait',
    'wait=',
    'wait=1,',
    'application/',
    '+json',
    'a:b\r\n',
    'a: b \r\n',
    'T00:',
    '2025-',
    'e+',
    'bearer ',
  ],
];
const BEGINNINGS = [
  '',
  '"',
  'GET ',
  'wait=',
  'bearer ',
  '/assets/',
  '/',
  'W/"',
  'a: ',
  '<?',
  '2025-01-01T00:00:00.',
];

const LENGTH = 50_000;

const TEXTS = BEGINNINGS.flatMap((beginning) =>
  PUMPS.map((pump) => `${beginning + pump.repeat(LENGTH / pump.length)}\0`),
);

/** A hundred times what all of them take an expression that looks at no place again and again. */
const PATIENCE_MS = 20_000;

/** Has the expression look for all its matches in every text; throws when that does not end. */
const exhaust = ({ source, flags }: RegExp): void => {
  const everywhere = flags.includes('g') ? flags : `${flags}g`;
  const look =
    'for (const text of texts) for (const match of text.matchAll(new RegExp(source, flags))) match;';
  runInNewContext(look, { source, flags: everywhere, texts: TEXTS }, { timeout: PATIENCE_MS });
};

describe('no expression that a request can reach looks at a place again and again', () => {
  const literals = ['http', 'controllers', 'core', 'repositories'].flatMap(regexLiterals);

  test('there are some', () => expect(literals.length).toBeGreaterThan(20));

  test.each(literals)('%s', (_where, expression) => exhaust(expression));
});

const LONG = 15_000;

const filled = (text: string): string => text.repeat(Math.floor(LONG / text.length));

/** Requests with what has made other servers think for minutes. */
const BOMBS: [string, string][] = [
  ['quotes without an end in Prefer', poll(1, `Prefer: ${filled('"\\')}`)],
  ['spaces in Prefer', poll(1, `Prefer: wait${filled(' ')}=1`)],
  ['tags', poll(1, `If-None-Match: ${filled('"a" ,')}x`)],
  ['spaces in tags', poll(1, `If-None-Match: "a"${filled(' ')}x`)],
  ['a type', get(`/api/queue/tasks?type=${filled('a%2b')}!`)],
  ['a type like an expression', get(`/api/queue/tasks?type=${encodeURIComponent('(a+)+$'.repeat(30))}`)],
  ['ids', get(`/api/queue/tasks?ids=${filled('1,')}x`)],
  ['a status', get(`/api/queue/tasks?status=${filled('queued')}`)],
  ['a cursor', get(`/api/queue/changes?cursor=${filled('0')}`)],
  ['parameters', get(`/api/queue/tasks?${filled('a[b]=c&')}`)],
  ['nested parameters', get(`/api/queue/tasks?a${filled('[a]')}=1`)],
  ['a key', poll(1, `Authorization: bearer${filled(' ')}`)],
  ['cookies', poll(1, `Cookie: ${filled('a=b; ')}`)],
  ['a session', poll(1, `Cookie: spoolite_session=${filled('1.')}`)],
  ['a host', poll(1).replace('localhost', filled(':1'))],
  ['an origin', poll(1, `Origin: http://${filled('a.')}`)],
  ['an encoding', get('/', `Accept-Encoding: ${filled('gzip;q=0.1,')}`)],
  ['a media type', get('/docs', `Accept: ${filled('a/b;c="d",')}`)],
  ['a range', get('/docs/', `Range: bytes=${filled('0-1,')}`)],
  ['proxies', poll(1, `X-Forwarded-For: ${filled('1.2.3.4,')}`)],
];

describe('a request meant to be thought about for long', () => {
  test.each(BOMBS)('%s is answered, and so are others', async (_what, request) => {
    const { port, url } = open();
    const clients = await Promise.all(Array.from({ length: 20 }, () => RawClient.connect(port)));
    for (const client of clients) client.write(request);
    expect((await new Client(url).get('/health')).status).toBe(200);
    for (const client of clients) {
      await client.has('HTTP/1.1 ');
      expect(client.statuses[0]).toBeLessThan(500);
    }
  });
});
