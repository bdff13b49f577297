import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestEnd } from '../on-test-end.js';

/** Stands between browser and server, and counts what passes. */
export class CountingProxy {
  /** Paths of all requests, without their queries. */
  readonly paths: string[] = [];
  /** Streams of events that are open now. */
  openStreams = 0;
  /** The most that were open at once. */
  mostStreams = 0;
  url = '';

  async start(target: string): Promise<void> {
    const server = createServer((req, res) => {
      const path = (req.url ?? '').replace(/\?.*/, '');
      this.paths.push(path);
      if (path.endsWith('/events')) this.#count(() => res.once('close', () => this.openStreams--));
      const { method, headers, url } = req;
      const onward = request(new URL(url ?? '/', target), { method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(res);
      });
      onward.on('error', () => res.destroy());
      res.on('close', () => onward.destroy());
      req.pipe(onward);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    onTestEnd(() => {
      server.closeAllConnections();
      server.close();
    });
  }

  #count(whenClosed: () => void): void {
    this.openStreams++;
    this.mostStreams = Math.max(this.mostStreams, this.openStreams);
    whenClosed();
  }
}
