import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
} from 'node:http';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** As many connections as there are requests. */
const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });

/** A request that has been sent and may be answered much later. */
export class PendingRequest {
  readonly reply: Promise<Reply>;
  isAnswered = false;
  readonly #request: ClientRequest;

  constructor(url: string, headers: Record<string, string> = {}, method = 'GET') {
    this.#request = request(url, { method, headers, agent });
    this.#request.end();
    this.reply = this.#read();
    // Whoever hangs up does not ask for the reply.
    this.reply.catch(() => undefined);
  }

  hangUp(): void {
    this.#request.destroy();
  }

  async #read(): Promise<Reply> {
    const [response] = (await once(this.#request, 'response')) as [IncomingMessage];
    this.isAnswered = true;
    let text = '';
    for await (const piece of response.setEncoding('utf8')) text += piece;
    return { status: response.statusCode as number, headers: response.headers, text };
  }
}
