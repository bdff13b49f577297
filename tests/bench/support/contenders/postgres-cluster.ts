import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from '../on-exit.js';
import { MissingProgram } from './contender.js';
import { findProgram } from './find-program.js';
import { freePort, ServerProgram } from './server-program.js';

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
