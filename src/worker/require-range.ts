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
