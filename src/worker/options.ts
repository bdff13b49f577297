import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type Options, resolveOptions, type Values } from '../config/option.js';
import { type Range, traitsOf } from '../config/schemas.js';
import { WORKER } from '../config/worker-options.js';
import { UserError } from '../core/errors.js';
import { findJsonProblem } from '../core/json.js';
import { MAX_HEARTBEAT_MS, TEXT_LIMITS } from '../core/limits.js';
import { isLongerThan, isName, NAME_RULE } from '../core/text.js';
import { STRATEGIES } from '../core/workers.js';

/** Options of a worker, all with defaults. */
export interface WorkerOptions extends Options<typeof WORKER> {
  /**
   * Handle the process's uncaught errors and its exit; default false, as these belong to the program. The attempt that
   * caused them fails, every other task is released at no cost in attempts, and the process ends with an exit code
   * other than 0. The commands `work` and `dev` do so.
   */
  handleCrashes?: boolean;
}

export interface WorkerSettings extends Values<Omit<typeof WORKER, 'workerId' | 'types'>> {
  workerId: string;
  types: readonly string[];
  handleCrashes: boolean;
}

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
  for (const name of Object.keys(WORKER) as (keyof typeof WORKER)[])
    requireOptionRange(name, settings[name], name);
  if (!isName(workerId)) throw new UserError(`workerId must be ${NAME_RULE}.`);
  if (!STRATEGIES.includes(strategy))
    throw new UserError(`strategy must be one of ${STRATEGIES.join(', ')}, not ${strategy}.`);
  requireCapabilities(capabilities);
}

/** Fills in defaults and validates. `handled` are the types that have a handler. Throws `UserError`. */
export function workerSettings(options: WorkerOptions, handled: readonly string[]): WorkerSettings {
  const settings = {
    ...resolveOptions(WORKER, options),
    workerId: trimmed(options.workerId ?? defaultId()),
    types: Array.isArray(options.types) ? options.types.map(trimmed) : (options.types ?? handled),
    handleCrashes: options.handleCrashes ?? false,
  };
  requireWorkable(settings);
  if (options.types) requireTypes(settings.types, handled);
  return settings;
}

/** The same for the range of a worker's option, where that has one. */
export function requireOptionRange(name: string, value: unknown, option: keyof typeof WORKER): void {
  const { range } = traitsOf(WORKER[option].schema);
  if (range) requireRange(name, value, range);
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
