import { type Api, sleep } from './api.js';

/** What a client knows of one task that it asked for. */
export interface RequestRecord {
  /** The id it was given; null as long as no request for it was answered with 201. */
  taskId: number | null;
  /** Every request for it was answered with "not stored, and will not be". */
  refused: boolean;
}

/** What the clients asked for, by idempotency key, and what they were told. */
export class RequestLedger {
  readonly #entries = new Map<string, RequestRecord>();
  /** Ids of acknowledged tasks, in order of their replies. */
  readonly acknowledgedIds: number[] = [];
  /** Requests to which no answer came at all. */
  unanswered = 0;
  refused = 0;
  /** Answers that no client should get. */
  readonly complaints: string[] = [];

  ask(key: string): void {
    if (!this.#entries.has(key)) this.#entries.set(key, { taskId: null, refused: false });
  }

  acknowledge(key: string, taskId: number): void {
    const known = this.#entries.get(key)?.taskId ?? null;
    if (known === taskId) return;
    if (known !== null) {
      this.complaints.push(`the key ${key} was acknowledged as task ${known} and as task ${taskId}`);
      return;
    }
    this.#entries.set(key, { taskId, refused: false });
    this.acknowledgedIds.push(taskId);
  }

  refuse(key: string): void {
    this.#entries.set(key, { taskId: null, refused: true });
    this.refused += 1;
  }

  find(key: string | null): RequestRecord | undefined {
    return key === null ? undefined : this.#entries.get(key);
  }

  entries(): Iterable<[string, RequestRecord]> {
    return this.#entries;
  }
}

const POLL_MS = 250;

/** Newest finished tasks read at each look. */
const NEWEST = 200;

/** A finished task as it was first seen: it must look the same ever after. */
export interface FinishedState {
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
export class QueueObserver {
  readonly #api: Api;
  readonly #ledger: RequestLedger;
  readonly finishedStates = new Map<number, FinishedState>();
  backlog = 0;
  /** How many looks at the backlog were answered. */
  looks = 0;

  constructor(api: Api, ledger: RequestLedger) {
    this.#api = api;
    this.#ledger = ledger;
  }

  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.#lookAtStats();
      await this.#lookAtFinished('completed');
      await this.#lookAtFinished('failed');
      await sleep(POLL_MS, over);
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
      if (this.finishedStates.has(task.task_id)) continue;
      this.finishedStates.set(task.task_id, { status: task.status, finishedAt: task.finished_at_utc });
    }
  }
}
