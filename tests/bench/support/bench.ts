import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Filling } from './files/fill-file.js';
import type { FillFunctions } from './files/fill-process.js';
import type { Load, LoadResult } from './load/load.js';
import type { LoadFunctions } from './load/load-process.js';
import { Child, type ChildOptions, onExit } from './processes/child.js';
import type { ChildFunctions } from './processes/child-functions.js';
import type { ServerFunctions, ServerOptions } from './servers/spoolite-process.js';

/** How much is measured. */
export interface Plan {
  rounds: number;
  /** Length of one measurement. */
  seconds: number;
  /** What counts of tasks are multiplied with. */
  scale: number;
}

export const FULL_PLAN: Plan = { rounds: 3, seconds: 4, scale: 1 };
export const SMOKE_PLAN: Plan = { rounds: 1, seconds: 0.3, scale: 0.002 };

export interface Server {
  address: string;
  database: string;
  child: Child<ServerFunctions>;
}

/** What a figure is measured with: processes and files, all gone after {@link close}. */
export class Bench {
  readonly plan: Plan;
  readonly notes = new Set<string>();
  readonly #folder: string;
  readonly #callOffCleanUp: () => void;
  readonly #say: (text: string) => void;
  readonly #children = new Set<Child<ChildFunctions>>();
  #loader: Child<LoadFunctions> | undefined;
  #files = 0;

  /** Files come into `folder`, which is best on a real disk; `say` gets what is being done. */
  constructor(plan: Plan, folder: string, say: (text: string) => void) {
    this.plan = plan;
    this.#folder = mkdtempSync(join(folder, 'bench-'));
    this.#callOffCleanUp = onExit(() => this.#removeFolder());
    this.#say = say;
  }

  newDatabase(): string {
    return join(this.#folder, `${++this.#files}.db`);
  }

  newFolder(): string {
    const folder = join(this.#folder, `${++this.#files}`);
    mkdirSync(folder);
    return folder;
  }

  /** A new file with these tasks in it; ten million take two minutes and 3 GB. */
  async filledDatabase(fillings: readonly Filling[]): Promise<string> {
    const file = this.newDatabase();
    const count = fillings.reduce((sum, filling) => sum + filling.count, 0);
    this.#say(`filling a file with ${count.toLocaleString('en')} tasks`);
    const filler = this.child<FillFunctions>('files/fill-process');
    await filler.call.fill(file, fillings);
    await filler.end();
    return file;
  }

  /** `count` tasks, or as many fewer as the plan says. */
  scaled(count: number): number {
    return Math.max(1, Math.round(count * this.plan.scale));
  }

  /** Starts a module of `support/` in a process of its own. */
  child<Functions extends ChildFunctions>(path: string, options?: ChildOptions): Child<Functions> {
    return this.childAt(new URL(`./${path}.js`, import.meta.url), options);
  }

  childAt<Functions extends ChildFunctions>(module: URL, options?: ChildOptions): Child<Functions> {
    const child = new Child<Functions>(module, options);
    this.#children.add(child as unknown as Child<ChildFunctions>);
    return child;
  }

  async server(options: Omit<ServerOptions, 'database'> & { database?: string } = {}): Promise<Server> {
    const child = this.child<ServerFunctions>('servers/spoolite-process', { quiet: true });
    const database = options.database ?? this.newDatabase();
    return { child, database, address: await child.call.start({ ...options, database }) };
  }

  /** A server to compare with: `servers/<name>-process`. Resolves to its address. */
  reference(name: 'bare-hello' | 'express-hello'): Promise<string> {
    return this.child<{ start: () => Promise<string> }>(`servers/${name}-process`).call.start();
  }

  /** Puts a load on a server, from another process, for the plan's seconds unless the load says otherwise. */
  load(load: Omit<Load, 'seconds'> & { seconds?: number }): Promise<LoadResult> {
    this.#loader ??= this.child('load/load-process');
    return this.#loader.call.run({ seconds: this.plan.seconds, ...load });
  }

  /**
   * Runs every measurement once per round, one after the other and in turned order every other round, so that what
   * else the machine does falls on all alike. A round of its own, which does not count, warms everything up.
   */
  async rounds<Name extends string, T>(
    measurements: Record<Name, (warmUp: boolean) => Promise<T>>,
  ): Promise<Record<Name, T[]>> {
    const names = Object.keys(measurements) as Name[];
    const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
    for (let round = 0; round <= this.plan.rounds; round++) {
      for (const name of round % 2 === 0 ? names : names.toReversed()) {
        this.#say(round === 0 ? `warming up: ${name}` : `round ${round} of ${this.plan.rounds}: ${name}`);
        const result = await measurements[name](round === 0);
        if (round > 0) results[name].push(result);
      }
    }
    return results;
  }

  /** Something to be read with the results. */
  note(text: string): void {
    this.notes.add(text);
    this.#say(text);
  }

  say(text: string): void {
    this.#say(text);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#children].map((child) => child.end()));
    this.#callOffCleanUp();
    this.#removeFolder();
  }

  #removeFolder(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
