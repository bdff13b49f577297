import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestEnd } from './on-test-end.js';

/** Something between a client and a server that answers some requests itself, and passes the others on. */
export class MeddlingProxy {
  /** Requests that were passed on and answered well, as `METHOD /path`. */
  readonly passed: string[] = [];
  readonly #server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk) => chunks.push(chunk));
    req.on('end', () => {
      const answer = this.#meddle(`${req.method} ${req.url}`);
      if (answer) answer(res);
      else this.#pass(`${req.method} ${req.url}`, Buffer.concat(chunks), res).catch(() => res.destroy());
    });
  });
  readonly #target: string;
  readonly #meddle: (request: string) => ((res: ServerResponse) => void) | undefined;

  /** `meddle` gives the answer to a request that is not passed on. */
  constructor(target: string, meddle: (request: string) => ((res: ServerResponse) => void) | undefined) {
    this.#target = target;
    this.#meddle = meddle;
  }

  /** Resolves to its address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    onTestEnd(async () => {
      this.#server.closeAllConnections();
      await new Promise((resolve) => this.#server.close(resolve));
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #pass(request: string, body: Buffer, res: ServerResponse): Promise<void> {
    const [method, path] = request.split(' ');
    const headers = { 'Content-Type': 'application/json' };
    const reply = await fetch(`${this.#target}${path}`, { method: method as string, headers, body });
    if (reply.ok) this.passed.push(request);
    res.writeHead(reply.status, { 'Content-Type': reply.headers.get('Content-Type') ?? 'text/plain' });
    res.end(Buffer.from(await reply.arrayBuffer()));
  }
}
