import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestEnd } from './cleanup.js';

export type Responder = (req: IncomingMessage, res: ServerResponse) => void;

/** A server of no good, or something on the way to one: it answers as the test says, one request after the other. */
export class ScriptedServer {
  /** `METHOD /path` of each request. */
  readonly asked: string[] = [];
  readonly requests: IncomingMessage[] = [];
  readonly #answers: Responder[];
  readonly #server = createServer((req, res) => this.#answer(req, res));

  private constructor(answers: readonly Responder[]) {
    this.#answers = [...answers];
  }

  /** The last answer is given again and again. */
  static async start(...answers: Responder[]): Promise<ScriptedServer> {
    const server = new ScriptedServer(answers);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    onTestEnd(() => server.close());
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(req: IncomingMessage, res: ServerResponse): void {
    this.asked.push(`${req.method} ${req.url}`);
    this.requests.push(req);
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    answer?.(req, res);
  }
}

/** Answers with JSON. */
export const json =
  (status: number, body: object, headers: Record<string, string> = {}): Responder =>
  (_req, res) => {
    res.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    res.end(JSON.stringify(body));
  };

/** Breaks the connection off without an answer. */
export const hangUp: Responder = (req) => req.socket.destroy();

/** Has a server listen on a free port, which it resolves to, until the test ends. */
export async function listenOnLoopback(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
