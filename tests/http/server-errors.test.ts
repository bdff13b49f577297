import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createApp } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import { memoryLogger } from '../support/telemetry.js';

/** The server that accepts the connection of this request. */
async function serverBehind(url: string): Promise<Server> {
  let found: Server | undefined;
  const note = (message: unknown) => {
    found ??= (message as { socket: { server: Server } }).socket.server;
  };
  subscribe('net.server.socket', note);
  await fetch(url, { headers: { Connection: 'close' } });
  unsubscribe('net.server.socket', note);
  return found as Server;
}

test('an error of a server that listens is logged, each one, and ends nothing', async () => {
  const logger = memoryLogger();
  const app = createApp({ database: join(scratchFolder(), 'queue.db'), logger });
  onTestEnd(() => app.stop());
  const url = await app.start({ port: 0 });
  const server = await serverBehind(`${url}/api/health`);
  // As node says it where no file can be opened any more.
  for (const code of ['EMFILE', 'ENFILE']) server.emit('error', Object.assign(new Error('accept'), { code }));
  const told = logger.lines.filter(({ msg }) => msg === 'the server could not take a connection');
  expect(told.map(({ level, err }) => [level, (err as { code: string }).code])).toEqual([
    [50, 'EMFILE'],
    [50, 'ENFILE'],
  ]);
  expect((await fetch(`${url}/api/health`)).status).toBe(200);
});
