import type { Client } from './client.js';

const BATCH = 20;

/** Keeps enqueueing from several clients, and knows the id of every task that was acknowledged. */
export class Acknowledging {
  readonly ids: number[] = [];
  readonly #loops: Promise<void>[];
  #isOver = false;

  constructor(client: Client, type: string, clients = 2) {
    this.#loops = Array.from({ length: clients }, () => this.#loop(client, type));
  }

  /** Resolves when all that was asked for is answered. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#loops);
  }

  async #loop(client: Client, type: string): Promise<void> {
    const tasks = Array.from({ length: BATCH }, () => ({ type }));
    while (!this.#isOver) this.ids.push(...(await client.enqueueMany(tasks)));
  }
}
