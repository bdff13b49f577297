import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestEnd } from './on-test-end.js';

/** Has a server listen on a free port, which it resolves to, until the test ends. */
export async function listenOnLoopback(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
