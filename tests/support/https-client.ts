import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';

export interface HttpsAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Whether the request went over a connection that was there already. */
  reused: boolean;
}

interface HttpsRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Asks one server over one connection that it keeps, trusting one authority. */
export class HttpsClient {
  readonly #agent: Agent;
  readonly #url: string;

  constructor(url: string, ca: Buffer) {
    this.#url = url;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ca });
  }

  /** The answer as soon as its head is there. */
  async begin(path: string, { method = 'GET', headers, body }: HttpsRequest = {}) {
    const req = request(`${this.#url}${path}`, { method, headers, agent: this.#agent });
    req.end(body);
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    res.setEncoding('utf8');
    return { res, reused: req.reusedSocket };
  }

  async get(path: string, headers?: Record<string, string>): Promise<HttpsAnswer> {
    return this.#whole(path, { headers });
  }

  async post(path: string, body: object): Promise<HttpsAnswer> {
    const headers = { 'Content-Type': 'application/json' };
    return this.#whole(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #whole(path: string, options: HttpsRequest): Promise<HttpsAnswer> {
    const { res, reused } = await this.begin(path, options);
    let text = '';
    for await (const piece of res) text += piece;
    return { status: res.statusCode as number, headers: res.headers, text, reused };
  }

  close(): void {
    this.#agent.destroy();
  }
}
