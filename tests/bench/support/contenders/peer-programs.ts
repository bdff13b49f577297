import { type ChildProcess, execFileSync, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.js';
import { type Child, onExit } from '../processes/child.js';
import { type ContenderFunctions, MissingProgram } from './contender.js';

/** Seen from where the bench is compiled to. */
const PEERS = new URL('../../../../../tests/bench/peers/', import.meta.url);

/** The folder of a peer: its package.json, its modules once installed, and the module that runs as its process. */
export class PeerFolder {
  readonly #url: URL;

  constructor(name: string) {
    this.#url = new URL(`${name}/`, PEERS);
  }

  /** Installs the versions of its lock file, where that has not been done. */
  install(bench: Bench): void {
    if (existsSync(this.path('node_modules'))) return;
    bench.say(`npm install in ${this.path('')}`);
    const args = ['install', '--no-save', '--no-audit', '--no-fund'];
    const { status, stderr } = spawnSync('npm', args, { cwd: this.path(''), encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm install failed in ${this.path('')}: ${stderr}`);
  }

  path(inside: string): string {
    return fileURLToPath(new URL(inside, this.#url));
  }

  /** Its process, in this Node.js or in another runtime. */
  child(bench: Bench, runtime?: string): Child<ContenderFunctions> {
    return bench.childAt<ContenderFunctions>(new URL('process.js', this.#url), { runtime });
  }
}

const PAUSE_MS = 50;
const START_MS = 30_000;
const STOP_MS = 5_000;

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A server of a peer, started and ended by the bench. */
export class ServerProgram {
  readonly #process: ChildProcess;
  readonly #name: string;
  #output = '';

  constructor(program: string, args: string[], options: SpawnOptions = {}) {
    this.#name = program;
    this.#process = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (text) => (this.#output = `${this.#output}${text}`.slice(-2000)));
    // What ends by itself is noticed by whoever waits for it.
    this.#process.on('error', (error) => (this.#output += error.message));
    // Not left running when the bench ends early.
    this.#process.once(
      'exit',
      onExit(() => this.#process.kill('SIGKILL')),
    );
  }

  /** Resolves when `isReady` does not throw any more. */
  async untilReady(isReady: () => Promise<unknown> | unknown): Promise<void> {
    for (const deadline = performance.now() + START_MS; ; await delay(PAUSE_MS)) {
      try {
        await isReady();
        return;
      } catch (error) {
        const hasEnded = this.#process.exitCode !== null || this.#process.pid === undefined;
        if (hasEnded || performance.now() > deadline)
          throw new Error(`${this.#name} did not start: ${this.#output}`, { cause: error });
      }
    }
  }

  /** Ends it; one that does not end in time is killed: what it has stored is thrown away anyway. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS);
    this.#process.kill(signal);
    await exited;
    clearTimeout(impatience);
  }
}

/** Throws while nobody listens. */
export async function connectOnce(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

interface User {
  uid: number;
  gid: number;
}

const idOf = (flag: '-u' | '-g', name: string): number => {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : Number.NaN;
};

/** Whom the cluster belongs to: PostgreSQL does not run as root. */
function owner(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = ['postgres', 'nobody'].map((name) => ({ uid: idOf('-u', name), gid: idOf('-g', name) }));
  return users.find(({ uid }) => uid > 0);
}

function required(name: string): string {
  const path = findProgram(name);
  if (!path) throw new MissingProgram(name, 'postgresql');
  return path;
}

/** A cluster of PostgreSQL of its own with default settings, so that every commit is on disk; gone after {@link stop}. */
export class PostgresCluster {
  readonly #folder: string;
  readonly #port: number;
  readonly #server: ServerProgram;
  readonly #psql = required('psql');
  #databases = 0;

  private constructor(folder: string, port: number, server: ServerProgram) {
    this.#folder = folder;
    this.#port = port;
    this.#server = server;
  }

  /** Throws {@link MissingProgram}. */
  static async start(): Promise<PostgresCluster> {
    const [initdb, postgres] = [required('initdb'), required('postgres')];
    const port = await freePort();
    const user = owner();
    // Not in the bench's folder: the way to that may be closed to the unprivileged user.
    const folder = mkdtempSync(join(tmpdir(), 'bench-postgres-'));
    if (user) chownSync(folder, user.uid, user.gid);
    onExit(() => rmSync(folder, { recursive: true, force: true }));
    const options = { ...user, cwd: folder };
    const data = join(folder, 'data');
    execFileSync(initdb, ['-D', data, '-U', 'bench', '-A', 'trust'], { ...options, stdio: 'pipe' });
    const server = new ServerProgram(
      postgres,
      ['-D', data, '-p', String(port), '-k', folder, '-h', ''],
      options,
    );
    const cluster = new PostgresCluster(folder, port, server);
    await server.untilReady(() => cluster.#run('select 1'));
    return cluster;
  }

  /** Makes an empty database; returns its connection string. */
  newDatabase(): string {
    const name = `queue_${++this.#databases}`;
    this.#run(`create database ${name}`);
    return `postgresql:///${name}?host=${this.#folder}&port=${this.#port}&user=bench`;
  }

  async stop(): Promise<void> {
    // The fast shutdown.
    await this.#server.stop('SIGINT');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(sql: string): void {
    const args = ['-h', this.#folder, '-p', String(this.#port), '-U', 'bench', '-d', 'postgres', '-qc', sql];
    execFileSync(this.#psql, args, { stdio: 'pipe' });
  }
}

/** Where Debian keeps the programs of PostgreSQL's versions, newest first. */
function debianPostgresFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'));
}

/** The path of an installed program; undefined when there is none. */
export const findProgram = (name: string): string | undefined =>
  [...debianPostgresFolders(), ...(process.env.PATH ?? '').split(delimiter)]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
