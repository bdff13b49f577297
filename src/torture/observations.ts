import { type Api, sleep } from './api.js';

/** What a client knows about one of its tasks. */
export interface RequestRecord {
  /** The acknowledged id; null until a request got a 201. */
  taskId: number | null;
  /** Every request for it was answered with "not stored, and will not be". */
  refused: boolean;
}

/** The requests of the clients, by idempotency key, and their replies. */
export class RequestLedger {
  readonly #entries = new Map<string, RequestRecord>();
  /** Ids of acknowledged tasks, in order of their replies. */
  readonly acknowledgedIds: number[] = [];
  /** Requests without a reply. */
  unanswered = 0;
  refused = 0;
  /** Replies that no client should get. */
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

/** Newest finished tasks read per poll. */
const NEWEST = 200;

/** A finished task when first seen: it must not change afterwards. */
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

/** Polls the queue: its backlog, and the first state of finished tasks. */
export class QueueObserver {
  readonly #api: Api;
  readonly #ledger: RequestLedger;
  readonly finishedStates = new Map<number, FinishedState>();
  backlog = 0;
  /** Answered polls of the backlog. */
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
