import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { JsonObject } from '../domain/json.js';
import { findJsonProblem } from '../domain/json-problem.js';
import { isLongerThan } from '../domain/json-text.js';
import { StartupError } from '../domain/startup-error.js';
import { STRATEGIES, type Strategy } from '../domain/strategy.js';
import { TASK_LIMITS } from '../domain/task-limits.js';
import { TEXT_LIMITS } from '../domain/text-limits.js';
import { WORKER_LIMITS } from '../domain/worker-limits.js';
import { requireRange } from './require-range.js';

/** How a worker works; everything has a default. */
export interface WorkerOptions {
  /** Its name in the list of workers and on tasks. Default: host, process id and a random part. */
  workerId?: string;
  /** Tasks run at once; default 10. */
  concurrency?: number;
  /** The order of claiming; default `priority`. */
  strategy?: Strategy;
  /** Claim only these of the handlers' types; default all of them. */
  types?: readonly string[];
  /** What this worker offers to tasks that demand it (`compatibility`). */
  capabilities?: JsonObject;
  /** How long a claim lasts without a heartbeat, in seconds; default 60. */
  leaseSeconds?: number;
  /** How long `stop()` waits for running tasks, in seconds; default 30. */
  graceSeconds?: number;
  /** How often to look for work although nothing announced any, in seconds; default 5. */
  pollSeconds?: number;
  /** How long an attempt may take, in seconds, where its type does not say; 0 is without end; default 3600. */
  timeoutSeconds?: number;
}

export type WorkerSettings = Required<Omit<WorkerOptions, 'types'>> & { types: readonly string[] };

const NAME = new RegExp(`^\\P{Cc}{1,${TASK_LIMITS.nameLength}}$`, 'u');

/** Longest time between two heartbeats, whatever the lease. */
export const MAX_HEARTBEAT_MS = 5_000;

export const heartbeatMs = ({ leaseSeconds }: { leaseSeconds: number }): number =>
  Math.min((leaseSeconds * 1000) / 3, MAX_HEARTBEAT_MS);

const defaultId = (): string => `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;

function requireCapabilities(capabilities: unknown): void {
  const isObject = typeof capabilities === 'object' && capabilities !== null && !Array.isArray(capabilities);
  if (!isObject || findJsonProblem(capabilities))
    throw new StartupError('capabilities must be an object of JSON values.');
  const { capabilities: max } = TEXT_LIMITS;
  if (isLongerThan(JSON.stringify(capabilities), max))
    throw new StartupError(`capabilities must not have more than ${max} bytes as JSON.`);
}

function requireTypes(types: unknown, handled: readonly string[]): void {
  if (!Array.isArray(types) || types.length === 0)
    throw new StartupError('types must be a list of at least one type.');
  const unknown = types.find((type) => !handled.includes(type));
  if (unknown !== undefined) throw new StartupError(`types names "${unknown}", which has no handler.`);
}

function requireWorkable(settings: WorkerSettings): void {
  const { workerId, strategy, capabilities } = settings;
  const { retry: _, ...ranges } = WORKER_LIMITS;
  for (const [name, range] of Object.entries(ranges))
    requireRange(name, settings[name as keyof typeof ranges], range);
  if (!NAME.test(workerId)) {
    throw new StartupError(
      `workerId must be 1 to ${TASK_LIMITS.nameLength} characters without control characters.`,
    );
  }
  if (!STRATEGIES.includes(strategy))
    throw new StartupError(`strategy must be one of ${STRATEGIES.join(', ')}, not ${strategy}.`);
  requireCapabilities(capabilities);
}

/** Fills in defaults and checks. `handled` are the types that have a handler. Throws `StartupError`. */
export function workerSettings(options: WorkerOptions, handled: readonly string[]): WorkerSettings {
  const settings = {
    workerId: options.workerId ?? defaultId(),
    concurrency: options.concurrency ?? 10,
    strategy: options.strategy ?? 'priority',
    types: options.types ?? handled,
    capabilities: options.capabilities ?? {},
    leaseSeconds: options.leaseSeconds ?? 60,
    graceSeconds: options.graceSeconds ?? 30,
    pollSeconds: options.pollSeconds ?? 5,
    timeoutSeconds: options.timeoutSeconds ?? 3600,
  };
  requireWorkable(settings);
  if (options.types) requireTypes(options.types, handled);
  return settings;
}
