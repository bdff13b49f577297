import type { ServerResponse } from 'node:http';
import { formatInstant } from '../domain/instant.js';
import type { JsonValue } from '../domain/json.js';
import { errorText, messageText } from '../domain/message-text.js';
import type { Random } from '../domain/random.js';
import { backoffMs } from '../domain/retry-policy.js';
import type { AttemptFailure } from '../domain/settlement.js';
import type { Lease, LeaseRepository, Progress } from '../repositories/lease-repository.js';
import type { TaskRepository } from '../repositories/task-repository.js';
import { callerOf } from './access/caller-of.js';
import { afterCommit } from './after-commit.js';
import { nullableJsonText } from './nullable-json-text.js';
import { requireValueFits } from './require-value-fits.js';
import { sendJson } from './send-json.js';
import { type TaskParams, taskIdOf } from './task-params.js';
import type { TaskReply } from './task-reply.js';

interface Settle<Fields = unknown> {
  params: TaskParams;
  body: { lease_token: string } & Fields;
}

interface HeartbeatFields {
  lease_seconds?: number;
  progress?: number;
  progress_message?: string;
}

interface FailFields {
  error_message: string;
  retry: boolean;
  retry_after_seconds?: number;
}

const toMs = (seconds: number): number => Math.round(seconds * 1000);

const leaseOf = ({ params, body }: Settle): Lease => ({
  id: taskIdOf(params),
  leaseToken: body.lease_token,
});

const progressOf = ({ progress, progress_message }: HeartbeatFields): Progress | null =>
  progress === undefined && progress_message === undefined
    ? null
    : {
        percent: progress ?? null,
        message: progress_message === undefined ? null : messageText(progress_message),
      };

/** What a worker says about a task it has claimed: that it lives, and how its attempt ended. */
export class LeaseController {
  readonly #leases: LeaseRepository;
  readonly #tasks: TaskRepository;
  readonly #reply: TaskReply;
  readonly #random: Random;

  constructor(leases: LeaseRepository, tasks: TaskRepository, reply: TaskReply, random: Random) {
    this.#leases = leases;
    this.#tasks = tasks;
    this.#reply = reply;
    this.#random = random;
  }

  heartbeat = async (req: Settle<HeartbeatFields>, res: ServerResponse): Promise<void> => {
    const { lease_seconds: seconds } = req.body;
    const leaseMs = seconds === undefined ? null : toMs(seconds);
    const renewal = { ...leaseOf(req), leaseMs, progress: progressOf(req.body) };
    const until = await this.#leases.renew(renewal, callerOf(res));
    sendJson(res, 200, JSON.stringify({ lease_until_utc: formatInstant(until) }));
  };

  complete = async (req: Settle<{ result?: JsonValue }>, res: ServerResponse): Promise<void> => {
    const result = nullableJsonText(req.body.result);
    if (result !== null) requireValueFits(result, '/result');
    await this.#leases.complete(leaseOf(req), result, callerOf(res));
    await this.#sendTask(req, res);
  };

  fail = async (req: Settle<FailFields>, res: ServerResponse): Promise<void> => {
    const lease = leaseOf(req);
    const failure: AttemptFailure = {
      errorMessage: errorText(req.body.error_message),
      reason: req.body.retry ? 'error' : 'rejected',
      retryDelayMs: await this.#retryDelayMs(lease.id, req.body),
    };
    await this.#leases.fail(lease, failure, callerOf(res));
    await this.#sendTask(req, res);
  };

  release = async (req: Settle, res: ServerResponse): Promise<void> => {
    await this.#leases.release(leaseOf(req), callerOf(res));
    await this.#sendTask(req, res);
  };

  #sendTask({ params }: Settle, res: ServerResponse): Promise<void> {
    return afterCommit(async () => this.#reply.send(res, await this.#tasks.find(taskIdOf(params))));
  }

  /** The delay that was asked for, else the usual one after as many attempts as the task has had; null is never again. */
  async #retryDelayMs(taskId: number, fields: FailFields): Promise<number | null> {
    const { retry, retry_after_seconds: seconds } = fields;
    if (!retry) return null;
    if (seconds !== undefined) return toMs(seconds);
    const { attempts } = await this.#tasks.find(taskId);
    return backoffMs(Math.max(attempts, 1), this.#random);
  }
}
