import assert from 'node:assert/strict';
import { PROBLEM_TYPES } from '../../../src/http/errors.js';
import { ERROR_CODES, type ErrorCode } from '../../../src/index.js';
import type { FuzzReply } from './fuzz-client.js';

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** What only the inside of the server would say. */
const LEAKS = /sqlite|better-sqlite|drizzle|node_modules|node:internal|\.[jt]s:\d+|constraint failed/i;

function assertProblem({ status, headers, body }: FuzzReply): void {
  assert.equal(headers['content-type'], 'application/problem+json; charset=utf-8');
  const text = body.toString();
  const problem = JSON.parse(text);
  const code = problem.error_code as ErrorCode;
  assert.ok(ERROR_CODES.includes(code), `error_code ${code}`);
  assert.equal(problem.status, status);
  assert.equal(PROBLEM_TYPES[code].status, status);
  assert.equal(problem.title, PROBLEM_TYPES[code].title);
  assert.equal(typeof problem.type, 'string');
  assert.ok(typeof problem.detail === 'string' && problem.detail.length > 0, 'detail');
  assert.match(problem.timestamp, INSTANT);
  assert.equal(problem.request_id, headers['x-request-id']);
  for (const { pointer, message } of problem.errors ?? []) {
    assert.match(pointer, /^(\/|$)/);
    assert.ok(typeof message === 'string' && message.length > 0, 'message');
  }
  assert.doesNotMatch(text, LEAKS);
}

/** Throws when a reply is not one that the contract allows to any request at all. */
export function assertWellFormed(method: string, reply: FuzzReply): void {
  const { status, headers, body } = reply;
  assert.ok(status < 500, `status ${status}: ${body}`);
  assert.ok(headers['x-request-id'], 'a request id');
  if (method === 'HEAD' || status === 204 || status === 304) assert.equal(body.length, 0);
  else if (status >= 400) assertProblem(reply);
  else if (headers['content-type']?.startsWith('application/json')) JSON.parse(body.toString());
  assert.ok(status >= 200 && (status < 300 || status === 304 || status >= 400), `status ${status}`);
}
