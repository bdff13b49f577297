import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestEnd } from '../on-test-end.js';

const SCRIPT = readFileSync(new URL('attacks.page.js', import.meta.url), 'utf8');

/** A page that tries to misuse a server. */
export const ATTACK_PAGE = `<!doctype html><title>Kittens</title><body><script>${SCRIPT}</script></body>`;

/** Somebody else's web server with that page. */
export class AttackServer {
  readonly #server = createServer((_req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end(ATTACK_PAGE);
  });

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    onTestEnd(() => this.stop());
    return this;
  }

  /** Makes room for another server at its address. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
