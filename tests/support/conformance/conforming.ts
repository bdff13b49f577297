import type { RequestListener } from 'node:http';
import { afterAll, afterEach } from '@jest/globals';
import { hasOneHost } from '../../../src/http/begin-request.js';
import { conformanceProblems } from './conformance.js';
import { recordReply } from './recorded-reply.js';

/** Answers that were not what the document says, since the last test ended. */
let violations: string[] = [];

/** The API, every answer of which must be as its document says, or the test in which it was given fails. */
export function conforming(listener: RequestListener): RequestListener {
  return (req, res) => {
    // What a browser asks before a page's request is answered for all of the API alike.
    const isPreflight = req.headers['access-control-request-method'] !== undefined;
    // As what is refused by node's http server, it is no request of the API yet.
    const isRefused = !hasOneHost(req);
    recordReply(req, res, (reply) => {
      if (isPreflight || isRefused) return;
      const { method, path, status } = reply;
      for (const problem of conformanceProblems(reply))
        violations.push(`${method} ${path} (${status}): undocumented: ${problem}`);
    });
    listener(req, res);
  };
}

function throwViolations(): void {
  const found = violations;
  violations = [];
  if (found.length > 0) throw new Error(`Answers differ from /openapi.json:\n${found.join('\n')}`);
}

afterEach(throwViolations);
// Those of a reply that ended after its test.
afterAll(throwViolations);
