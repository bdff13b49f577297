import assert from 'node:assert/strict';
import { Agent, type IncomingMessage, request } from 'node:http';
import { PROBLEM_TYPES } from '../../../src/http/errors.js';
import { ERROR_CODES, type ErrorCode } from '../../../src/index.js';
import { LEASE_TOKEN } from './bodies.js';
import type { FuzzRequest } from './requests.js';

export interface FuzzReply {
  status: number;
  headers: IncomingMessage['headers'];
  /** Of a stream of events only the beginning. */
  body: Buffer;
}

interface Lease {
  task_id: number;
  lease_token: string;
}

/** Longer than any answer may take; no request asks to wait longer than a fraction of it. */
const PATIENCE_MS = 20_000;

/** Of how many leases requests can be about: those that were claimed last. */
const LEASES = 10;

/** Sends requests over connections that are kept, and remembers the leases that it was given. */
export class FuzzClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #url: URL;
  readonly #leases: Lease[] = [];

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** How many leases requests could be about. */
  get leaseCount(): number {
    return this.#leases.length;
  }

  /** Rejects when there is no answer, or none in time. */
  async send(fuzzed: FuzzRequest): Promise<FuzzReply> {
    const { method, path, headers, body } = this.#withLease(fuzzed);
    const reply = await this.#exchange(method, path, headers, body);
    if (reply.status === 200 && path === '/api/queue/claims') this.#remember(reply);
    return reply;
  }

  close(): void {
    this.#agent.destroy();
  }

  #withLease(fuzzed: FuzzRequest): FuzzRequest {
    const held = this.#leases.at(-1 - (fuzzed.lease % Math.max(this.#leases.length, 1)));
    const path = fuzzed.path.replace(':task_id', String(held?.task_id ?? 1));
    const at = fuzzed.body?.indexOf(LEASE_TOKEN) ?? -1;
    if (!fuzzed.body || at === -1) return { ...fuzzed, path };
    const token = Buffer.from(held?.lease_token ?? 'none');
    const rest = fuzzed.body.subarray(at + LEASE_TOKEN.length);
    return { ...fuzzed, path, body: Buffer.concat([fuzzed.body.subarray(0, at), token, rest]) };
  }

  #remember({ body }: FuzzReply): void {
    this.#leases.push(...JSON.parse(body.toString()).tasks);
    this.#leases.splice(0, this.#leases.length - LEASES);
  }

  #exchange(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: Buffer | null,
  ): Promise<FuzzReply> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = this.#url;
      // Node adds neither a length nor chunks where the method usually goes without a body.
      const length = body && !headers['transfer-encoding'] ? { 'content-length': body.length } : {};
      const all = { ...headers, ...length };
      const req = request({ hostname, port, method, path, headers: all, agent: this.#agent });
      const impatience = setTimeout(() => {
        req.destroy(new Error(`no answer within ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
      req.on('error', reject).once('close', () => clearTimeout(impatience));
      req.once('response', (res) => {
        readReply(res).then(resolve, reject);
      });
      req.end(body ?? undefined);
    });
  }
}

async function readReply(res: IncomingMessage): Promise<FuzzReply> {
  const { statusCode: status = 0, headers } = res;
  const chunks: Buffer[] = [];
  const isEndless = headers['content-type']?.startsWith('text/event-stream');
  for await (const chunk of res) {
    chunks.push(chunk);
    if (isEndless) break;
  }
  return { status, headers, body: Buffer.concat(chunks) };
}

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
