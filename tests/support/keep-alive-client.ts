import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';

/** One connection that is kept open and used again and again, by one request after the other. */
export class KeepAliveClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Rejects with a system error when the connection is refused or breaks off. */
  async post(path: string, body: object): Promise<{ status: number; connection: string | undefined }> {
    const headers = { 'Content-Type': 'application/json' };
    const req = request(`${this.#url}${path}`, { method: 'POST', agent: this.#agent, headers });
    req.end(JSON.stringify(body));
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    res.resume();
    await once(res, 'end');
    return { status: res.statusCode as number, connection: res.headers.connection };
  }

  close(): void {
    this.#agent.destroy();
  }
}
