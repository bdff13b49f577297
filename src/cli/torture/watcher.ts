import type { Api } from './api.js';
import type { Ledger } from './ledger.js';
import { sleep } from './sleep.js';

const LOOK_MS = 250;

/** Newest finished tasks read at each look. */
const NEWEST = 200;

/** A finished task as it was first seen: it must look the same ever after. */
export interface Sighting {
  status: string;
  finishedAt: string;
}

interface Stats {
  queued_tasks: number;
  processing_tasks: number;
}

interface FinishedTask {
  task_id: number;
  status: string;
  finished_at_utc: string;
}

/** Polls the queue: how much is left to do, and how finished tasks look when they are first seen finished. */
export class Watcher {
  readonly #api: Api;
  readonly #ledger: Ledger;
  readonly sightings = new Map<number, Sighting>();
  backlog = 0;
  /** How many looks at the backlog were answered. */
  looks = 0;

  constructor(api: Api, ledger: Ledger) {
    this.#api = api;
    this.#ledger = ledger;
  }

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.#lookAtStats();
      await this.#lookAtFinished('completed');
      await this.#lookAtFinished('failed');
      await sleep(LOOK_MS, over);
    }
  }

  async #get(path: string): Promise<unknown> {
    const reply = await this.#api.send('GET', path);
    if (reply && reply.status >= 500 && reply.status !== 503) {
      this.#ledger.complaints.push(`GET ${path} was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    }
    return reply?.status === 200 ? reply.body : null;
  }

  async #lookAtStats(): Promise<void> {
    const stats = (await this.#get('/api/queue/stats')) as Stats | null;
    if (!stats) return;
    this.backlog = stats.queued_tasks + stats.processing_tasks;
    this.looks += 1;
  }

  async #lookAtFinished(status: string): Promise<void> {
    const finished = await this.#get(`/api/queue/tasks?status=${status}&limit=${NEWEST}`);
    for (const task of (finished ?? []) as FinishedTask[]) {
      if (this.sightings.has(task.task_id)) continue;
      this.sightings.set(task.task_id, { status: task.status, finishedAt: task.finished_at_utc });
    }
  }
}
