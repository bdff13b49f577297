import { setTimeout as delay } from 'node:timers/promises';
import { StartupError } from '../../domain/startup-error.js';
import { Child } from './child.js';
import type { Launch } from './launch.js';

/** Milliseconds before a process that ended by itself is started again. */
const AFTER_CRASH_MS = 500;

/** All the processes: each is started again as soon as it has ended. */
export class Fleet {
  readonly #launches: readonly Launch[];
  readonly #directory: string;
  readonly #children = new Map<Launch, Child>();
  /** What processes did that they should not. */
  readonly complaints: string[] = [];
  #closing = false;

  constructor(launches: readonly Launch[], directory: string) {
    this.#launches = launches;
    this.#directory = directory;
  }

  /** Starts everything for the first time. Throws `StartupError` when a process does not come up. */
  async start(): Promise<void> {
    for (const launch of this.#launches) this.#start(launch);
    await Promise.all(this.children.map((child) => child.ready));
    if (this.complaints[0]) throw new StartupError(`The torture could not start: ${this.complaints[0]}`);
  }

  get children(): Child[] {
    return [...this.#children.values()];
  }

  /** Where servers listen now. */
  get addresses(): string[] {
    return this.children.flatMap(({ address }) => address ?? []);
  }

  /** Resolves when every process is at work, or `over` is aborted. */
  async allReady(over: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) =>
      over.addEventListener('abort', () => resolve(), { once: true }),
    );
    while (!over.aborted && this.children.some(({ state }) => state !== 'ready')) {
      const notReady = this.children.filter(({ state }) => state !== 'ready');
      const changes = notReady.map((child) => (child.state === 'starting' ? child.ready : child.ended));
      await Promise.race([Promise.all(changes), aborted]);
    }
  }

  /** Ends everything in good order. */
  async disband(): Promise<void> {
    this.#closing = true;
    for (const child of this.children) child.terminate();
    await this.#allEnded();
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    this.#closing = true;
    for (const child of this.children) if (child.state !== 'ended') child.kill();
    await this.#allEnded();
  }

  async #allEnded(): Promise<void> {
    await Promise.all(this.children.map((child) => child.ended));
  }

  #start(launch: Launch): void {
    const child = new Child(launch, this.#directory);
    this.#children.set(launch, child);
    void child.ended.then((complaint) => this.#startAgain(launch, complaint));
  }

  async #startAgain(launch: Launch, complaint: string | null): Promise<void> {
    if (complaint) {
      this.complaints.push(complaint);
      if (!this.#closing) await delay(AFTER_CRASH_MS);
    }
    if (!this.#closing) this.#start(launch);
  }
}
