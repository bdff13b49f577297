import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestEnd, scratchFolder } from './cleanup.js';
import { Client } from './client.js';
import { freePort, hasProgram } from './processes.js';
import { listening, MAIN, Program, type ServerProcess, spoolite } from './program.js';
import { eventually } from './waiting.js';

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * A disk that a test fills: a small file system of its own where this user may mount one. Elsewhere the writer says
 * that the disk is full, and says so at the same moments: when it commits.
 */
export class SmallDisk {
  readonly file: string;
  readonly #ballast: string;
  readonly isReal: boolean;

  constructor() {
    const folder = scratchFolder();
    this.file = join(folder, 'queue.db');
    this.isReal = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]).status === 0;
    this.#ballast = this.isReal ? join(folder, 'ballast') : `${this.file}-full`;
    if (this.isReal) onTestEnd(() => spawnSync('umount', ['--lazy', folder]));
  }

  /** A server on this disk; with the path of a handlers module it has a worker inside. */
  startServer(handlers?: string): Promise<ServerProcess> {
    if (this.isReal) {
      const args = ['--database', this.file, '--port', '0'];
      return listening(
        handlers ? spoolite('dev', ...args, '--handlers', handlers) : spoolite('serve', ...args),
      );
    }
    const args = [path('full-disk-server.mjs'), this.file, ...(handlers ? [handlers] : [])];
    return listening(new Program(process.execPath, args));
  }

  fill(): void {
    if (this.isReal) fillWithBytes(this.#ballast);
    else writeFileSync(this.#ballast, '');
  }

  makeRoom(): void {
    rmSync(this.#ballast);
  }
}

function fillWithBytes(file: string): void {
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096);
  try {
    for (;;) writeSync(descriptor, page);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
}

const SOURCE = fileURLToPath(new URL('failing-disk.c', import.meta.url));

/** Whether syncs can be made to fail here: by a library of a few lines that is compiled and loaded before all others. */
export const canFailSyncs = process.platform === 'linux' && hasProgram('cc');

/** A disk that takes every write but, when a test says so, does not sync the write-ahead log. */
export class FailingDisk {
  readonly file: string;
  readonly #library: string;
  readonly #trigger: string;

  constructor() {
    const folder = scratchFolder();
    this.file = join(folder, 'queue.db');
    this.#library = join(folder, 'failing-disk.so');
    this.#trigger = join(folder, 'failing-sync');
    execFileSync('cc', ['-shared', '-fPIC', '-o', this.#library, SOURCE, '-ldl']);
  }

  startServer(): Promise<ServerProcess> {
    const args = [MAIN, 'serve', '--database', this.file, '--port', '0'];
    const env = { LD_PRELOAD: this.#library, FAILING_SYNC: this.#trigger };
    return listening(new Program(process.execPath, args, env));
  }

  failOneSync(): void {
    writeFileSync(this.#trigger, '1');
  }

  failSyncs(): void {
    writeFileSync(this.#trigger, 'all');
  }

  mend(): void {
    rmSync(this.#trigger, { force: true });
  }
}

const IN_TERMINAL = fileURLToPath(new URL('in-terminal.py', import.meta.url));

const command = (port: number): string[] => {
  const database = `${scratchFolder()}/queue.db`;
  return [process.execPath, MAIN, 'serve', '--port', String(port), '--database', database];
};

const redirected = (command: readonly string[], redirection: string, folder: string): Program =>
  new Program('bash', ['-c', `mkfifo "$D/pipe"; exec "$@" ${redirection}`, 'bash', ...command], {
    D: folder,
  });

/** A path that makes a long line in the log. */
const LONG = 'x'.repeat(6_000);

/** A server whose log goes where a test says. */
export class LoggingServer {
  readonly program: Program;
  readonly client: Client;
  readonly #url: string;
  /** Requests that the log should have a line for. */
  requests = 0;

  private constructor(program: Program, url: string) {
    this.program = program;
    this.client = new Client(url);
    this.#url = url;
  }

  /** `redirection` is bash for where standard error goes; `$D` is the folder, with a `pipe` in it. */
  static async start(redirection: string, folder: string = scratchFolder()): Promise<LoggingServer> {
    const { program, url } = await listening(redirected(command(0), redirection, folder));
    return new LoggingServer(program, url);
  }

  /** The same where standard output goes there too, so that nobody reads the address. */
  static async startUnheard(redirection: string): Promise<LoggingServer> {
    const port = await freePort();
    const server = new LoggingServer(
      redirected(command(port), redirection, scratchFolder()),
      `http://127.0.0.1:${port}`,
    );
    await eventually(() => server.dropped().then(Number.isFinite, () => false));
    return server;
  }

  /** In a terminal, which a test may pause. */
  static async inTerminal(): Promise<LoggingServer> {
    const program = new Program('python3', [IN_TERMINAL, ...command(0)], {}, { typed: true });
    const [, url] = await program.says(/listening on\s+(https?:\S+)\r/);
    return new LoggingServer(program, url as string);
  }

  /** Asks for what is not there: a long line of the log for each. */
  async log(count: number): Promise<void> {
    for (let at = 0; at < count; at++) {
      this.requests++;
      if ((await this.client.get(`/${LONG}`)).status !== 404) throw new Error('Expected to find nothing');
    }
  }

  /** Has it log until lines are lost; resolves to how many. */
  async logUntilDropped(): Promise<number> {
    for (;;) {
      await this.log(50);
      const dropped = await this.dropped();
      if (dropped > 0) return dropped;
    }
  }

  /** Lines that it says are lost. */
  async dropped(): Promise<number> {
    this.requests++;
    const metrics = await (await fetch(`${this.#url}/metrics`)).text();
    return Number(/^spoolite_log_lines_dropped_total\{.*\} (\d+)$/m.exec(metrics)?.[1]);
  }

  /** Still serves, writes included, and ends in good order when told to. */
  async stop(): Promise<{ code: number | null; signal: string | null }> {
    this.requests++;
    await this.client.enqueue('served');
    this.program.signal('SIGTERM');
    return this.program.exited;
  }
}

/** Something between a client and a server that answers some requests itself, and passes the others on. */
export class FaultyProxy {
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
