import type { Clock } from '../domain/clock.js';
import { type Random, systemRandom } from '../domain/random.js';
import type { Repositories } from '../repositories/repositories.js';
import { ClaimController } from './claim-controller.js';
import { EnqueueController } from './enqueue-controller.js';
import { LeaseController } from './lease-controller.js';
import { LogController } from './log-controller.js';
import { OperatingController, type Readiness } from './operating-controller.js';
import { StatsController } from './stats-controller.js';
import { TaskController } from './task-controller.js';
import { type OnCommit, Waiter } from './waiter.js';
import { WorkerController } from './worker-controller.js';

/** What controllers work with. */
export interface ControllerOptions {
  repositories: Repositories;
  clock: Clock;
  /** For the backoff of attempts that failed over HTTP. */
  random?: Random;
  version: string;
  readiness: Readiness;
  onCommit: OnCommit;
  /** Aborted when the server is told to stop; ends the waits. */
  stopping?: AbortSignal;
}

export interface Controllers {
  tasks: TaskController;
  enqueue: EnqueueController;
  claims: ClaimController;
  leases: LeaseController;
  logs: LogController;
  workers: WorkerController;
  stats: StatsController;
  operating: OperatingController;
}

/** One controller per resource. */
export function createControllers(options: ControllerOptions): Controllers {
  const { clock, random = systemRandom, version, readiness, onCommit } = options;
  const { stopping = new AbortController().signal } = options;
  const { tasks, leases, logs, workers, stats } = options.repositories;
  const waiter = new Waiter(onCommit, clock, stopping);
  return {
    tasks: new TaskController(tasks),
    enqueue: new EnqueueController(tasks),
    claims: new ClaimController(leases, workers, waiter),
    leases: new LeaseController(leases, tasks, random),
    logs: new LogController(logs),
    workers: new WorkerController(workers),
    stats: new StatsController(stats, clock),
    operating: new OperatingController(version, readiness),
  };
}
