import type { Random } from '../../domain/random.js';
import type { Api } from './api.js';
import { between, chance, integerBetween } from './draw.js';
import type { Ledger } from './ledger.js';
import { sleep } from './sleep.js';

/** Milliseconds between two interferences, at the most. */
const LONGEST_PAUSE_MS = 200;

const SHARE_CANCELS = 0.7;

/** Tasks acknowledged last, among which one is chosen. */
const RECENT = 500;

const EXPECTED = [200, 409, 503, 507];

/** Somebody who cancels tasks and queues finished ones again, in the midst of it all. */
export class Meddler {
  readonly #api: Api;
  readonly #ledger: Ledger;
  readonly #random: Random;

  constructor(api: Api, ledger: Ledger, random: Random) {
    this.#api = api;
    this.#ledger = ledger;
    this.#random = random;
  }

  async run(calm: AbortSignal): Promise<void> {
    while (!calm.aborted) {
      await sleep(between(this.#random, 0, LONGEST_PAUSE_MS), calm);
      await this.#meddle();
    }
  }

  async #meddle(): Promise<void> {
    const ids = this.#ledger.acknowledgedIds;
    const action = chance(this.#random, SHARE_CANCELS) ? 'cancel' : 'retry';
    const id = ids[integerBetween(this.#random, Math.max(0, ids.length - RECENT), ids.length - 1)];
    if (id === undefined) return;
    const reply = await this.#api.send('POST', `/api/queue/tasks/${id}/${action}`);
    if (!reply || EXPECTED.includes(reply.status)) return;
    this.#ledger.complaints.push(
      `the ${action} of task ${id} was answered ${reply.status}: ${JSON.stringify(reply.body)}`,
    );
  }
}
