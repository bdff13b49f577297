import { actorOf } from '../auth/access-control.js';
import type { HttpResponse } from '../auth/exchange.js';
import type { LongPollRegistry } from '../auth/long-polls.js';
import type { Actor } from '../core/access.js';
import type { JsonObject } from '../core/json.js';
import { LEASE_LIMITS, POLL_LIMITS, TEXT_LIMITS } from '../core/limits.js';
import type { ClaimedTask } from '../core/task.js';
import { STRATEGIES, type Strategy } from '../core/workers.js';
import type { ClaimRequest, LeaseRepository } from '../repositories/lease-repository.js';
import type { WorkerRepository } from '../repositories/worker-repository.js';
import type { ClaimWaitQueue } from '../services/claim-wait-queue.js';
import type { ReplyBudget } from '../services/reply-budget.js';
import { integer, number, Schema } from '../validation/schema.js';
import { name, smallJsonObject } from '../validation/values.js';
import { EXAMPLE_TASKS } from './example-tasks.js';
import { list, resource } from './resource-fields.js';
import { afterCommit, disconnectSignal, jsonArray, sendCounted } from './respond.js';
import { named, type Route, type RouteDocs } from './route.js';
import { examples, jsonReply } from './route-docs.js';
import { claimedTaskJson } from './task-resource.js';
import { claimedTaskSchema } from './task-schema.js';

interface ClaimBody {
  worker_id: string;
  /** Absent: any. */
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

/** Claims of due tasks over HTTP. */
export class ClaimController {
  readonly #leases: LeaseRepository;
  readonly #workers: WorkerRepository;
  readonly #queue: ClaimWaitQueue;
  readonly #waits: LongPollRegistry;
  readonly #budget: ReplyBudget;

  constructor(
    leases: LeaseRepository,
    workers: WorkerRepository,
    queue: ClaimWaitQueue,
    waits: LongPollRegistry,
    budget: ReplyBudget,
  ) {
    this.#leases = leases;
    this.#workers = workers;
    this.#queue = queue;
    this.#waits = waits;
    this.#budget = budget;
  }

  claim = async ({ body }: { body: ClaimBody }, res: HttpResponse): Promise<void> => {
    const signal = disconnectSignal(res);
    const by = actorOf(res);
    // Started together, so that both are in one commit. The registration is only informative: a claim does not fail
    // with it, and the next claim repeats it.
    const begin = (end: () => void) => this.#waits.begin(res, body.wait, end);
    const claiming = this.#queue.claim(toClaimRequest(body), by, body.wait === 0 ? null : begin);
    const [claim] = await Promise.allSettled([claiming, this.#register(body)]);
    if (claim.status === 'rejected') throw claim.reason;
    const tasks = claim.value;
    if (signal.aborted) return this.#release(tasks, by);
    res.once('close', () => {
      if (!res.writableFinished) void this.#release(tasks, by);
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

  /** Returns the tasks of a client that has disconnected. One that cannot be released now expires with its lease. */
  async #release(tasks: readonly ClaimedTask[], by: Actor): Promise<void> {
    await Promise.allSettled(tasks.map(({ id, leaseToken }) => this.#leases.release({ id, leaseToken }, by)));
  }
}

const claimBody = Schema.body({
  worker_id: name().required().description('Id of the worker; must be unique.'),
  types: Schema.list()
    .items(name())
    .min(1)
    .max(LEASE_LIMITS.types)
    .description('Only tasks of these types; absent: any type.'),
  capabilities: smallJsonObject(TEXT_LIMITS.capabilities)
    .default({})
    .description('Capabilities of this worker, matched against `compatibility`; up to 64 kB as JSON.'),
  limit: integer({ min: 1, ...LEASE_LIMITS.claim }).description('Most tasks to claim.'),
  lease_seconds: number(LEASE_LIMITS.leaseSeconds)
    .default(LEASE_LIMITS.leaseSeconds.default)
    .description('How long the claim lasts without a heartbeat.'),
  strategy: Schema.string()
    .valid(...STRATEGIES)
    .default(STRATEGIES[0])
    .description('Order of claiming.'),
  wait: number(POLL_LIMITS.waitSeconds)
    .default(0)
    .description('Seconds to wait for a task before answering.'),
})
  .meta({ name: 'Claim' })
  .required();

const claimedTasksSchema = named(
  'ClaimedTasks',
  resource('The claimed tasks.', {
    tasks: list('None when there was nothing to claim.', claimedTaskSchema),
  }),
);

const claim: RouteDocs = {
  operationId: 'claimTasks',
  tag: 'workers',
  summary: 'Claim due tasks',
  description:
    'Takes up to `limit` tasks: each becomes `processing`, counts one more attempt, and belongs to this worker until its lease ends. With `wait` the answer waits for a task. A worker that disconnects before the answer claims none.',
  bodies: examples({
    Minimal: { worker_id: 'worker-001' },
    'All fields': {
      worker_id: 'worker-001',
      types: ['video_processing'],
      capabilities: { region: ['us-west', 'us-east'] },
      limit: 10,
      lease_seconds: 60,
      strategy: 'priority',
      wait: 20,
    },
  }),
  replies: {
    200: jsonReply('The tasks, possibly none.', claimedTasksSchema, {
      'One task': { tasks: [EXAMPLE_TASKS.claimed] },
      'Nothing to do': { tasks: [] },
    }),
  },
};

export const claimRoutes = (claims: ClaimController): Route[] => [
  {
    method: 'post',
    path: '/api/queue/claims',
    scopes: ['work'],
    rateLimit: 'writes',
    schemas: { body: claimBody },
    docs: claim,
    handle: claims.claim,
  },
];
