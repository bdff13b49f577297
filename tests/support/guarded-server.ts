import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { ControllerOptions } from '../../src/controllers/controllers.js';
import type { ConnectionLimits } from '../../src/http/connection-limits.js';
import { createHttp } from '../../src/http/create-http.js';
import { HttpServer } from '../../src/http/http-server.js';
import { systemClock } from '../../src/index.js';
import { silentLogger } from '../../src/logger.js';
import { openSqliteStorage } from '../../src/repositories/sqlite/open-sqlite-storage.js';
import { onTestEnd } from './on-test-end.js';
import { scratchFolder } from './scratch-folder.js';

/** Patience of a server for tests, which have little of it themselves. */
const IMPATIENT: Partial<ConnectionLimits> = {
  headMs: 800,
  requestMs: 1_200,
  silentMs: 5_000,
  idleMs: 800,
  lookMs: 50,
};

/** Client ports of the connections that a server of this process has, as it sees them itself. */
function watchConnections(): Set<number> {
  const ports = new Set<number>();
  const note = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    const port = socket.remotePort as number;
    ports.add(port);
    socket.once('close', () => ports.delete(port));
  };
  subscribe('net.server.socket', note);
  onTestEnd(() => unsubscribe('net.server.socket', note));
  return ports;
}

/** The whole API on the server's own sockets, with limits of the test's choice; closed when the test ends. */
export async function startGuardedServer(
  limits: Partial<ConnectionLimits> = IMPATIENT,
  options: Partial<ControllerOptions> = {},
) {
  const connections = watchConnections();
  const file = join(scratchFolder(), 'queue.db');
  const storage = openSqliteStorage({ file, durability: 'normal', clock: systemClock, random: Math.random });
  const stopping = new AbortController();
  const http = createHttp({
    repositories: storage.repositories,
    onCommit: (tell) => storage.onCommit(tell),
    readiness: () => storage.check(),
    stopping: stopping.signal,
    logger: silentLogger,
    version: 'test',
    limits: { bodyBytes: 1024 * 1024, batchBodyBytes: 8 * 1024 * 1024 },
    clock: systemClock,
    ...options,
  });
  const server = new HttpServer(http, limits);
  const url = await server.listen('127.0.0.1', 0);
  onTestEnd(async () => {
    stopping.abort();
    await server.close(0);
    await storage.close();
  });
  return { url, port: Number(new URL(url).port), file, connections };
}
