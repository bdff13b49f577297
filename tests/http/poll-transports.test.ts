import { describe, expect, test } from '@jest/globals';
import { TASKS, useRequestPaths } from '../support/polling-server.js';
import { type PollCase, plainPolls, poll, unusualPolls } from '../support/request-cases.js';

const transports = useRequestPaths();

/** The statuses of the answers, without that to the goodbye. */
const statusesIn = (replies: string): number[] => {
  const own = replies.split('HTTP/1.1 404 Not Found\r\nX-Request-Id: goodbye')[0] as string;
  return [...own.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
};

async function expectTheSame(pieces: readonly string[], next?: 'once answered'): Promise<string> {
  const { express, node, raw, secure } = await transports.exchange(pieces, next);
  expect(node).toBe(express);
  expect(raw).toBe(express);
  expect(secure).toBe(express);
  return raw;
}

const namesOf = (cases: PollCase[]) => cases.map(([name]) => [name]);
const find = (cases: PollCase[], name: string) => cases.find(([known]) => known === name) as PollCase;

describe('a plain poll is answered alike by Express, on node’s http server and ahead of it, over TLS too', () => {
  test.each(namesOf(plainPolls('')))('%s', async (name) => {
    const tag = await transports.tagOf(TASKS.completed);
    const [, pieces, statuses] = find(plainPolls(tag), name);
    const before = [transports.ports.raw, transports.ports.secure].map((port) => transports.readByNode(port));
    expect(statusesIn(await expectTheSame(pieces, 'once answered'))).toEqual(statuses);
    // Only the goodbye.
    const after = [transports.ports.raw, transports.ports.secure].map((port) => transports.readByNode(port));
    expect(after).toEqual(before.map((count) => count + 1));
  });
});

describe('anything else is left to node’s http server', () => {
  test.each(unusualPolls())('%s', async (_name, pieces, statuses) => {
    expect(statusesIn(await expectTheSame(pieces))).toEqual(statuses);
  });
});

describe('a request that comes in two pieces', () => {
  const request = poll(TASKS.completed, 'If-None-Match: "0"', 'X-Request-Id: in-two');

  test('is answered wherever it is cut', async () => {
    const whole = await expectTheSame([request]);
    for (let at = 1; at < request.length; at++) {
      expect(await expectTheSame([request.slice(0, at), request.slice(at)])).toBe(whole);
    }
  });

  test('is answered wherever it is cut, after one in a single piece', async () => {
    const whole = await expectTheSame([request, request]);
    for (let at = 1; at < request.length; at += 7) {
      expect(await expectTheSame([request, request.slice(0, at), request.slice(at)])).toBe(whole);
    }
  });
});
