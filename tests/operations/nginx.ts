import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { projectFile } from '../support/documentation.js';
import { freePort, type TestCertificate } from '../support/processes.js';
import { Program } from '../support/program.js';
import { eventually } from '../support/waiting.js';

/** The text with each `from` replaced; throws where there is none, as then the test would test something else. */
function replaced(text: string, changes: [from: string, to: string][]): string {
  return changes.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`The configuration does not have "${from}"`);
    return now.replaceAll(from, to);
  }, text);
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

/** What a distribution's own file says around ours; all that is written goes into the folder. */
const around = (folder: string, included: string): string => `
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 512; }
http {
  access_log ${folder}/access.log;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((what) => `${what}_temp_path ${folder}/${what};`).join('\n  ')}
  include ${included};
}
`;

/** The documented configuration of nginx, with ports, names and files of its own and nothing else changed. */
export class Nginx {
  readonly #main: string;
  readonly port: number;
  readonly plainPort: number;

  private constructor(main: string, port: number, plainPort: number) {
    this.#main = main;
    this.port = port;
    this.plainPort = plainPort;
  }

  static async configured(
    folder: string,
    upstreamPort: number,
    { cert, key }: TestCertificate,
  ): Promise<Nginx> {
    const [port, plainPort] = [await freePort(), await freePort()];
    const [main, ours] = [join(folder, 'nginx.conf'), join(folder, 'spoolite.conf')];
    mkdirSync(folder, { recursive: true });
    writeFileSync(main, around(folder, ours));
    const text = replaced(projectFile('docs/operations/nginx.conf'), [
      ['127.0.0.1:8000', `127.0.0.1:${upstreamPort}`],
      ['listen [::]:80;', ''],
      ['listen [::]:443 ssl;', ''],
      ['listen 80;', `listen 127.0.0.1:${plainPort};`],
      ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
      ['queue.example.org;', 'localhost;'],
      ['/etc/ssl/certs/queue.example.org.pem', cert],
      ['/etc/ssl/private/queue.example.org.key', key],
    ]);
    writeFileSync(ours, text);
    return new Nginx(main, port, plainPort);
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** What nginx itself says to its configuration. */
  check(): { code: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync('nginx', ['-t', '-c', this.#main], { encoding: 'utf8' });
    return { code: status, output: stdout + stderr };
  }

  /** Runs until the test ends; it is several processes, which end together. */
  async start(): Promise<void> {
    const program = new Program('nginx', ['-c', this.#main], {}, { group: true });
    await eventually(() => {
      if (!program.isRunning) throw new Error(`nginx has ended: ${program.output}`);
      return isOpen(this.port);
    });
  }
}

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
