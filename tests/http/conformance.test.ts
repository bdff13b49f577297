import { describe, expect, test } from '@jest/globals';
import { EXAMPLE_TASKS } from '../../src/controllers/example-tasks.js';
import { conformanceProblems, type RecordedReply } from '../support/conformance.js';

const COMMON = { 'x-request-id': 'a', 'cache-control': 'no-store' };
const JSON_TYPE = 'application/json; charset=utf-8';

const reply = (rest: Partial<RecordedReply>): RecordedReply => ({
  method: 'GET',
  path: '/api/queue/tasks/1',
  status: 200,
  headers: { ...COMMON, etag: '"1"', 'content-type': JSON_TYPE },
  body: JSON.stringify(EXAMPLE_TASKS.completed),
  isWhole: true,
  ...rest,
});

const withHeaders = (headers: Record<string, string>) =>
  reply({ headers: { ...COMMON, etag: '"1"', 'content-type': JSON_TYPE, ...headers } });

const withTask = (changes: object) =>
  reply({ body: JSON.stringify({ ...EXAMPLE_TASKS.completed, ...changes }) });

const problem = (status: number, error_code: string) =>
  reply({
    status,
    headers: { ...COMMON, 'content-type': 'application/problem+json; charset=utf-8' },
    body: JSON.stringify({
      type: 'urn:x:y',
      title: 'T',
      status,
      detail: 'd',
      error_code,
      timestamp: '2025-11-05T12:00:00.000Z',
      request_id: 'a',
    }),
  });

const events = (data: string) =>
  reply({
    path: '/api/queue/tasks/1/events',
    headers: { ...COMMON, 'x-accel-buffering': 'no', 'content-type': 'text/event-stream; charset=utf-8' },
    body: `retry: 1000\nid: 1\n\nid: 2\nevent: task\ndata: ${data}\n\n`,
  });

describe('what the HTTP tests hold every answer against', () => {
  test('accepts what is documented', () => {
    const accepted = [
      reply({}),
      withHeaders({ 'retry-after': '3' }),
      problem(404, 'TASK_NOT_FOUND'),
      reply({ status: 304, headers: { ...COMMON, etag: '"1"' }, body: '' }),
      reply({ method: 'HEAD', body: '' }),
      events(JSON.stringify(EXAMPLE_TASKS.processing)),
      reply({ path: '/docs', status: 200, body: '<html>' }),
      { ...problem(404, 'ROUTE_NOT_FOUND'), path: '/api/nope' },
      reply({ body: '{"task_id":1,', isWhole: false }),
    ];
    expect(accepted.flatMap(conformanceProblems)).toEqual([]);
  });

  test.each([
    ['a status', reply({ status: 418 }), /status 418/],
    ['a header', withHeaders({ 'x-surprise': '1' }), /header x-surprise/],
    [
      'the absence of a header',
      reply({ headers: { ...COMMON, 'content-type': JSON_TYPE } }),
      /no header etag/,
    ],
    ['a header’s value', withHeaders({ 'retry-after': 'soon' }), /header retry-after/],
    ['a content type', withHeaders({ 'content-type': 'text/html' }), /content type text\/html/],
    ['a member', withTask({ surprise: 1 }), /surprise/],
    ['the absence of a member', withTask({ status: undefined }), /required property 'status'/],
    ['a member’s type', withTask({ priority: '100' }), /\/priority/],
    ['a value', withTask({ status: 'stuck' }), /\/status/],
    ['an instant', withTask({ created_at_utc: '2025-11-05T12:00:00Z' }), /\/created_at_utc/],
    ['what is not JSON', reply({ body: '{' }), /not JSON/],
    ['a body where none belongs', reply({ status: 304, headers: { ...COMMON, etag: '"1"' } }), /has a body/],
    ['an error code of other routes', problem(404, 'LEASE_LOST'), /error_code/],
    ['an error’s status', problem(409, 'TASK_NOT_FINISHED'), /status 409/],
    ['an event', events('{"task_id":1}'), /required property/],
    ['a reply at no route', reply({ path: '/api/nope' }), /status 200/],
    ['a reply to no method', reply({ method: 'DELETE' }), /status 200/],
  ])('finds %s', (_what, wrong, message) => {
    expect(conformanceProblems(wrong).join('\n')).toMatch(message);
  });
});
