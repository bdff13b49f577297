import type { Random } from '../../domain/random.js';
import type { Api, Reply } from './api.js';
import { chance } from './draw.js';
import type { Ledger } from './ledger.js';
import { drawRequests, type TaskRequest } from './new-task-requests.js';
import { sleep } from './sleep.js';

/** Unfinished tasks beyond which clients wait, so that what is left at the end can be worked off. */
const MAX_BACKLOG = 300;

const PAUSE_MS = 20;

/** Share of requests that are sent twice at once, as by a client that lost its patience. */
const SHARE_DOUBLED = 0.03;

/** "Not stored, and will not be." */
const REFUSALS = [503, 507];

interface Surroundings {
  api: Api;
  ledger: Ledger;
  /** Unfinished tasks, as far as known. */
  backlog: () => number;
  nextKey: () => string;
  /** Ends the asking for new tasks; what was asked is still brought to an answer. */
  calm: AbortSignal;
  /** Ends everything. */
  over: AbortSignal;
}

/** One client that enqueues over HTTP, and asks again under the same idempotency key where no answer came. */
export class Enqueuer {
  readonly #around: Surroundings;
  readonly #random: Random;

  constructor(around: Surroundings, random: Random) {
    this.#around = around;
    this.#random = random;
  }

  async run(): Promise<void> {
    const { calm, backlog, nextKey } = this.#around;
    while (!calm.aborted) {
      if (backlog() >= MAX_BACKLOG) {
        await sleep(PAUSE_MS, calm);
        continue;
      }
      const tasks = drawRequests(this.#random, nextKey);
      for (const task of tasks) this.#around.ledger.ask(task.idempotency_key);
      if (chance(this.#random, SHARE_DOUBLED)) {
        await Promise.all([this.#enqueue(tasks, true), this.#enqueue(tasks, true)]);
      } else await this.#enqueue(tasks, false);
    }
  }

  /** Asks until there is an answer. `doubtful`: another request may have stored the tasks, whatever this one is told. */
  async #enqueue(tasks: readonly TaskRequest[], doubtful: boolean): Promise<void> {
    const { ledger, over } = this.#around;
    let mayBeStored = doubtful;
    while (!over.aborted) {
      const reply = await this.#send(tasks);
      if (reply?.status === 201) return this.#acknowledge(tasks, reply);
      if (reply && !REFUSALS.includes(reply.status)) {
        ledger.complaints.push(`an enqueue was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
        return;
      }
      if (reply && !mayBeStored) {
        for (const task of tasks) ledger.refuse(task.idempotency_key);
        return;
      }
      if (!reply) {
        mayBeStored = true;
        ledger.unanswered += 1;
      }
      await sleep(PAUSE_MS, over);
    }
  }

  #send(tasks: readonly TaskRequest[]): Promise<Reply | null> {
    const { api } = this.#around;
    return tasks.length === 1
      ? api.send('POST', '/api/queue/enqueue', tasks[0])
      : api.send('POST', '/api/queue/enqueue/batch', { tasks });
  }

  #acknowledge(tasks: readonly TaskRequest[], { body }: Reply): void {
    const replies = (tasks.length === 1 ? [body] : (body as { tasks: unknown[] }).tasks) as {
      task_id: number;
    }[];
    for (const [at, task] of tasks.entries()) {
      this.#around.ledger.acknowledge(task.idempotency_key, (replies[at] as { task_id: number }).task_id);
    }
  }
}
