import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { sendJsonArray } from '../../src/controllers/respond.js';
import { listenOnLoopback } from '../support/servers.js';

const PAGE = { elements: [`"${'x'.repeat(2 * 1024 * 1024)}"`], isLast: false };

test.each([0, 1])('a list whose client has gone after %i pages is not waited for', async (before) => {
  let isLeft = false;
  /** The next page is there only once the client has gone. */
  async function* pages(res: ServerResponse) {
    try {
      for (let page = 0; page < before; page++) yield PAGE;
      client.destroy();
      await once(res, 'close');
      yield PAGE;
      yield { ...PAGE, isLast: true };
    } finally {
      isLeft = true;
    }
  }
  const server = createServer();
  const port = await listenOnLoopback(server);
  const client = connect(port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
  client.resume();
  const [, res] = (await once(server, 'request')) as [unknown, ServerResponse];
  await sendJsonArray(res, pages(res));
  expect(isLeft).toBe(true);
});
