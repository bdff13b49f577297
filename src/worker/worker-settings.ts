import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { JsonObject } from '../domain/json.js';
import { StartupError } from '../domain/startup-error.js';
import { STRATEGIES, type Strategy } from '../domain/strategy.js';

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

/** Longest time between two heartbeats. */
const MAX_HEARTBEAT_MS = 5_000;

export const heartbeatMs = ({ leaseSeconds }: { leaseSeconds: number }): number =>
  Math.min((leaseSeconds * 1000) / 3, MAX_HEARTBEAT_MS);

const defaultId = (): string => `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;

function requireRange(name: string, value: number, min: number, max: number, integer = false): void {
  if (typeof value === 'number' && value >= min && value <= max && (!integer || Number.isInteger(value)))
    return;
  throw new StartupError(
    `${name} must be ${integer ? 'an integer' : 'a number'} from ${min} to ${max}, not ${value}.`,
  );
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
  requireRange('concurrency', settings.concurrency, 1, 1000, true);
  requireRange('leaseSeconds', settings.leaseSeconds, 1, 3600);
  requireRange('graceSeconds', settings.graceSeconds, 0, 86_400);
  requireRange('pollSeconds', settings.pollSeconds, 0.01, 3600);
  requireRange('timeoutSeconds', settings.timeoutSeconds, 0, 30 * 86_400);
  if (!STRATEGIES.includes(settings.strategy)) {
    throw new StartupError(`strategy must be one of ${STRATEGIES.join(', ')}, not ${settings.strategy}.`);
  }
  const unknown = settings.types.find((type) => !handled.includes(type));
  if (unknown !== undefined) throw new StartupError(`types names "${unknown}", which has no handler.`);
  return settings;
}
