import { StartupError } from '../domain/startup-error.js';

export interface Range {
  min: number;
  max: number;
  integer?: boolean;
}

/** Throws `StartupError` unless `value` is a number within the range. */
export function requireRange(name: string, value: unknown, { min, max, integer = false }: Range): void {
  const isNumber = typeof value === 'number' && (!integer || Number.isInteger(value));
  if (isNumber && value >= min && value <= max) return;
  throw new StartupError(
    `${name} must be ${integer ? 'an integer' : 'a number'} from ${min} to ${max}, not ${String(value)}.`,
  );
}

/** Throws `TypeError` unless `seconds` is how long something may wait: 0 or more, also infinitely long. */
export function requireGrace(seconds: unknown): void {
  if (typeof seconds === 'number' && seconds >= 0) return;
  throw new TypeError(`graceSeconds must be a number of 0 or more, not ${String(seconds)}`);
}
