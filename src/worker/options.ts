import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { UserError } from '../core/errors.js';
import { findJsonProblem, type JsonObject } from '../core/json.js';
import { MAX_HEARTBEAT_MS, TEXT_LIMITS, WORKER_LIMITS } from '../core/limits.js';
import { isLongerThan, isName, NAME_RULE } from '../core/text.js';
import { STRATEGIES, type Strategy } from '../core/workers.js';

/** Options of a worker, all with defaults. */
export interface WorkerOptions {
  /** Its name in the list of workers and on tasks. Default: host, process id and a random part. */
  workerId?: string;
  /** Tasks run at once; default 10. */
  concurrency?: number;
  /** The order of claiming; default `priority`. */
  strategy?: Strategy;
  /** Claim only these of the handlers' types; default all of them. */
  types?: readonly string[];
  /** What this worker offers to tasks that require it (`compatibility`). */
  capabilities?: JsonObject;
  /** How long a claim lasts without a heartbeat, in seconds; default 60. */
  leaseSeconds?: number;
  /** How long `stop()` waits for running tasks, in seconds; default 30. */
  graceSeconds?: number;
  /** How often to check for work without a notification, in seconds; default 5. */
  pollSeconds?: number;
  /** Time limit of an attempt, in seconds, unless its type has one; 0: none; default 3600. */
  timeoutSeconds?: number;
  /**
   * Handle the process's uncaught errors and its exit; default false, as these belong to the program. The attempt that
   * caused them fails, every other task is released at no cost in attempts, and the process ends with an exit code
   * other than 0. The commands `work` and `dev` do so.
   */
  handleCrashes?: boolean;
}

export type WorkerSettings = Required<Omit<WorkerOptions, 'types'>> & { types: readonly string[] };

export const heartbeatMs = ({ leaseSeconds }: { leaseSeconds: number }): number =>
  Math.min((leaseSeconds * 1000) / 3, MAX_HEARTBEAT_MS);

/** Names are trimmed everywhere; a non-string is refused later. */
const trimmed = (name: string): string => (typeof name === 'string' ? name.trim() : name);

const defaultId = (): string => `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`;

function requireCapabilities(capabilities: unknown): void {
  const isObject = typeof capabilities === 'object' && capabilities !== null && !Array.isArray(capabilities);
  if (!isObject || findJsonProblem(capabilities))
    throw new UserError('capabilities must be an object of JSON values.');
  const { capabilities: max } = TEXT_LIMITS;
  if (isLongerThan(JSON.stringify(capabilities), max))
    throw new UserError(`capabilities must not have more than ${max} bytes as JSON.`);
}

function requireTypes(types: unknown, handled: readonly string[]): void {
  if (!Array.isArray(types) || types.length === 0)
    throw new UserError('types must be a list of at least one type.');
  const unknown = types.find((type) => !handled.includes(type));
  if (unknown !== undefined) throw new UserError(`types names "${unknown}", which has no handler.`);
}

function requireWorkable(settings: WorkerSettings): void {
  const { workerId, strategy, capabilities } = settings;
  const { retry: _, ...ranges } = WORKER_LIMITS;
  for (const [name, range] of Object.entries(ranges))
    requireRange(name, settings[name as keyof typeof ranges], range);
  if (!isName(workerId)) throw new UserError(`workerId must be ${NAME_RULE}.`);
  if (!STRATEGIES.includes(strategy))
    throw new UserError(`strategy must be one of ${STRATEGIES.join(', ')}, not ${strategy}.`);
  requireCapabilities(capabilities);
}

/** Fills in defaults and validates. `handled` are the types that have a handler. Throws `UserError`. */
export function workerSettings(options: WorkerOptions, handled: readonly string[]): WorkerSettings {
  const settings = {
    workerId: trimmed(options.workerId ?? defaultId()),
    concurrency: options.concurrency ?? 10,
    strategy: options.strategy ?? 'priority',
    types: Array.isArray(options.types) ? options.types.map(trimmed) : (options.types ?? handled),
    capabilities: options.capabilities ?? {},
    leaseSeconds: options.leaseSeconds ?? 60,
    graceSeconds: options.graceSeconds ?? 30,
    pollSeconds: options.pollSeconds ?? 5,
    timeoutSeconds: options.timeoutSeconds ?? 3600,
    handleCrashes: options.handleCrashes ?? false,
  };
  requireWorkable(settings);
  if (options.types) requireTypes(settings.types, handled);
  return settings;
}

export interface Range {
  min: number;
  max: number;
  integer?: boolean;
}

/** Throws `UserError` unless `value` is a number within the range. */
export function requireRange(name: string, value: unknown, { min, max, integer = false }: Range): void {
  const isNumber = typeof value === 'number' && (!integer || Number.isInteger(value));
  if (isNumber && value >= min && value <= max) return;
  throw new UserError(
    `${name} must be ${integer ? 'an integer' : 'a number'} from ${min} to ${max}, not ${String(value)}.`,
  );
}

/** Throws `TypeError` unless `seconds` is 0 or more; it may be infinite. */
export function requireGrace(seconds: unknown): void {
  if (typeof seconds === 'number' && seconds >= 0) return;
  throw new TypeError(`graceSeconds must be a number of 0 or more, not ${String(seconds)}`);
}
