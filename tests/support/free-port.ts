import { once } from 'node:events';
import { createServer } from 'node:net';

/** Ports that no system hands out by itself: another test's server must not get one while ours is down. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A port that nobody listens on, for a program that must find it again after all of its processes have died. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer();
    const isFree = once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.listen(port, '127.0.0.1');
    if (!(await isFree)) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
