import { fileURLToPath } from 'node:url';
import { Client } from './client.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';
import { listening, MAIN, Program } from './program.js';
import { scratchFolder } from './scratch-folder.js';

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
