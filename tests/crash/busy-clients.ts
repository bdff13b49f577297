import type { Random } from '../../src/core/clock.js';
import type { Client } from '../support/client.js';

/** Does one random thing after another to a queue, by itself and against others. */
export class BusyWriter {
  readonly #client: Client;
  readonly #random: Random;
  #last = 1;

  constructor(client: Client, random: Random) {
    this.#client = client;
    this.#random = random;
  }

  async work(steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) await this.#step();
  }

  #step(): Promise<unknown> {
    const dice = this.#random();
    if (dice < 0.3) return this.#enqueue();
    if (dice < 0.7) return this.#run();
    const action = dice < 0.85 ? 'cancel' : 'retry';
    return this.#client.post(`/queue/tasks/${1 + Math.floor(this.#random() * this.#last)}/${action}`);
  }

  async #enqueue(): Promise<void> {
    this.#last = await this.#client.enqueue(this.#random() < 0.5 ? 'mail' : 'video');
  }

  async #run(): Promise<void> {
    const tasks = await this.#client.claim({ limit: 1 + Math.floor(this.#random() * 3), strategy: 'lifo' });
    for (const { task_id, lease_token } of tasks) {
      const dice = this.#random();
      const tell = (action: string, fields: object = {}) =>
        this.#client.post(`/queue/tasks/${task_id}/${action}`, { lease_token, ...fields });
      if (dice < 0.2) await tell('heartbeat', { progress: Math.round(dice * 100) });
      if (dice < 0.5) await tell('complete');
      else if (dice < 0.8) await tell('fail', { error_message: 'no', retry_after_seconds: 0 });
      else await tell('release');
    }
  }
}

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
