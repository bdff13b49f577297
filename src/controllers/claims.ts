import { actorOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { Actor } from '../core/access.js';
import type { JsonObject } from '../core/json.js';
import type { ClaimedTask } from '../core/task.js';
import type { Strategy } from '../core/workers.js';
import type { ClaimRequest, LeaseRepository } from '../repositories/lease-repository.js';
import type { WorkerRepository } from '../repositories/worker-repository.js';
import type { ClaimWaitQueue } from '../services/claim-wait-queue.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { afterCommit, disconnectSignal, jsonArray, sendCounted } from './respond.js';
import { claimedTaskJson } from './task-resource.js';

interface ClaimBody {
  worker_id: string;
  /** Absent is any. */
  types?: string[];
  capabilities: JsonObject;
  limit: number;
  lease_seconds: number;
  strategy: Strategy;
  wait: number;
}

const toClaimRequest = (body: ClaimBody): ClaimRequest => ({
  workerId: body.worker_id,
  types: body.types ?? null,
  capabilities: body.capabilities,
  limit: body.limit,
  leaseMs: Math.round(body.lease_seconds * 1000),
  strategy: body.strategy,
});

/** Hands due tasks to workers over HTTP. */
export class ClaimController {
  readonly #leases: LeaseRepository;
  readonly #workers: WorkerRepository;
  readonly #line: ClaimWaitQueue;
  readonly #budget: ReplyBudget;

  constructor(leases: LeaseRepository, workers: WorkerRepository, line: ClaimWaitQueue, budget: ReplyBudget) {
    this.#leases = leases;
    this.#workers = workers;
    this.#line = line;
    this.#budget = budget;
  }

  claim = async ({ body }: { body: ClaimBody }, res: HttpResponse): Promise<void> => {
    const signal = disconnectSignal(res);
    const by = actorOf(res);
    // Asked for together, so that both are in one commit. The registration is for people to see: work does not fail
    // with it, and the next claim makes up for it.
    const claiming = this.#line.claim(toClaimRequest(body), body.wait, res);
    const [claim] = await Promise.allSettled([claiming, this.#register(body)]);
    if (claim.status === 'rejected') throw claim.reason;
    const tasks = claim.value;
    if (signal.aborted) return this.#giveBack(tasks, by);
    res.once('close', () => {
      if (!res.writableFinished) void this.#giveBack(tasks, by);
    });
    await afterCommit(async () =>
      sendCounted(res, `{"tasks":${jsonArray(tasks.map(claimedTaskJson))}}`, this.#budget),
    );
  };

  #register(body: ClaimBody): Promise<void> {
    const { workerId, types, capabilities, limit, leaseMs } = toClaimRequest(body);
    return this.#workers.register({
      id: workerId,
      host: null,
      pid: null,
      version: null,
      types,
      capabilities,
      slots: limit,
      staleMs: leaseMs + body.wait * 1000,
    });
  }

  /** Whoever hung up keeps nothing. A task that cannot be given back now is taken back when its lease ends. */
  async #giveBack(tasks: readonly ClaimedTask[], by: Actor): Promise<void> {
    await Promise.allSettled(tasks.map(({ id, leaseToken }) => this.#leases.release({ id, leaseToken }, by)));
  }
}
