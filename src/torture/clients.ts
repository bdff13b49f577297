import type { Random } from '../core/clock.js';
import { type Api, type Reply, sleep } from './api.js';
import type { RequestLedger } from './observations.js';
import { between, chance, integerBetween } from './random.js';
import { drawRequests, type TaskRequest } from './task-requests.js';

/** Unfinished tasks above which clients wait, so that the rest can be finished at the end. */
const MAX_BACKLOG = 300;

const BACKLOG_PAUSE_MS = 20;

/** Share of requests that are sent twice at once, as by an impatient client. */
const SHARE_DOUBLED = 0.03;

/** "Not stored, and will not be." */
const REFUSALS = [503, 507];

interface EnqueuerDependencies {
  api: Api;
  ledger: RequestLedger;
  /** Unfinished tasks, as last seen. */
  backlog: () => number;
  nextKey: () => string;
  /** Stops new enqueues; pending ones are still retried until answered. */
  calm: AbortSignal;
  /** Ends everything. */
  over: AbortSignal;
}

/** A client that enqueues over HTTP, and retries with the same idempotency key after a missing reply. */
export class Enqueuer {
  readonly #deps: EnqueuerDependencies;
  readonly #random: Random;

  constructor(deps: EnqueuerDependencies, random: Random) {
    this.#deps = deps;
    this.#random = random;
  }

  async run(): Promise<void> {
    const { calm, backlog, nextKey } = this.#deps;
    while (!calm.aborted) {
      if (backlog() >= MAX_BACKLOG) {
        await sleep(BACKLOG_PAUSE_MS, calm);
        continue;
      }
      const tasks = drawRequests(this.#random, nextKey);
      for (const task of tasks) this.#deps.ledger.ask(task.idempotency_key);
      if (chance(this.#random, SHARE_DOUBLED)) {
        await Promise.all([this.#enqueue(tasks, true), this.#enqueue(tasks, true)]);
      } else await this.#enqueue(tasks, false);
    }
  }

  /**
   * Retries until there is a reply. `doubtful`: another request may have stored the tasks, whatever this one's reply.
   */
  async #enqueue(tasks: readonly TaskRequest[], doubtful: boolean): Promise<void> {
    const { ledger, over } = this.#deps;
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
      await sleep(BACKLOG_PAUSE_MS, over);
    }
  }

  #send(tasks: readonly TaskRequest[]): Promise<Reply | null> {
    const { api } = this.#deps;
    return tasks.length === 1
      ? api.send('POST', '/api/queue/enqueue', tasks[0])
      : api.send('POST', '/api/queue/enqueue/batch', { tasks });
  }

  #acknowledge(tasks: readonly TaskRequest[], { body }: Reply): void {
    const replies = (tasks.length === 1 ? [body] : (body as { tasks: unknown[] }).tasks) as {
      task_id: number;
    }[];
    for (const [at, task] of tasks.entries()) {
      this.#deps.ledger.acknowledge(task.idempotency_key, (replies[at] as { task_id: number }).task_id);
    }
  }
}

/** Longest pause between two actions, in milliseconds. */
const LONGEST_PAUSE_MS = 200;

const SHARE_CANCELS = 0.7;

/** Size of the pool of recently acknowledged tasks. */
const RECENT = 500;

const EXPECTED = [200, 409, 503, 507];

/** Cancels random tasks and retries finished ones, concurrently with everything else. */
export class RandomCanceller {
  readonly #api: Api;
  readonly #ledger: RequestLedger;
  readonly #random: Random;

  constructor(api: Api, ledger: RequestLedger, random: Random) {
    this.#api = api;
    this.#ledger = ledger;
    this.#random = random;
  }

  async run(calm: AbortSignal): Promise<void> {
    while (!calm.aborted) {
      await sleep(between(this.#random, 0, LONGEST_PAUSE_MS), calm);
      await this.#cancelOrRetry();
    }
  }

  async #cancelOrRetry(): Promise<void> {
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
