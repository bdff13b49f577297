import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench.js';
import type { Child } from '../processes/child.js';
import type { ContenderFunctions } from './contender-functions.js';

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
