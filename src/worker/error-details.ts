import { inspect, types } from 'node:util';
import { messageText } from '../core/text.js';

const MAX_STACK = 4_000;
const MAX_MESSAGE = 1_000;

/** Deepest cause that is kept. */
const MAX_DEPTH = 5;

/** Most errors kept of an `AggregateError`. */
const MAX_ERRORS = 5;

/** Most errors kept in all, so that causes of causes do not multiply. */
const MAX_TOTAL_ERRORS = 12;

/** An error in the log of its attempt, beyond its message. */
export interface ErrorDetails {
  name: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: ErrorDetails | ThrownValue;
  /** Of an `AggregateError`. */
  errors?: (ErrorDetails | ThrownValue)[];
}

/** A thrown value that is not an error: its kind and a preview. */
export interface ThrownValue {
  thrown: string;
  value: string;
}

/** The value of a property; undefined if reading it throws. */
function read(from: object, name: string): unknown {
  try {
    return (from as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A proxy never is one, since inspecting it may run code that throws. */
function isError(value: unknown): value is Error {
  if (types.isProxy(value)) return false;
  return types.isNativeError(value) || value instanceof Error;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (types.isProxy(value)) return 'proxy';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** A preview of a value, without running its code. */
export const previewOf = (value: unknown): string =>
  truncateForStorage(() =>
    typeof value === 'string'
      ? value
      : inspect(value, { depth: 2, customInspect: false, maxStringLength: 1_000 }),
  ).slice(0, MAX_MESSAGE);

interface Budget {
  left: number;
}

function causesOf(error: Error, depth: number, budget: Budget): Pick<ErrorDetails, 'cause' | 'errors'> {
  if (depth >= MAX_DEPTH) return {};
  const cause = read(error, 'cause');
  const errors = read(error, 'errors');
  const next = (value: unknown) => describe(value, depth + 1, budget);
  const several = Array.isArray(errors) && !types.isProxy(errors) ? errors.slice(0, MAX_ERRORS) : [];
  const kept = several.map(next).filter((one) => one !== undefined);
  const first = cause === undefined ? undefined : next(cause);
  return { ...(first && { cause: first }), ...(kept.length > 0 && { errors: kept }) };
}

function describe(error: unknown, depth: number, budget: Budget): ErrorDetails | ThrownValue | undefined {
  if (budget.left-- <= 0) return undefined;
  if (!isError(error)) return { thrown: kindOf(error), value: previewOf(error) };
  const text = (name: string, most: number) =>
    truncateForStorage(() => read(error, name) ?? '').slice(0, most);
  const code = read(error, 'code');
  const stack = text('stack', MAX_STACK);
  return {
    name: text('name', MAX_MESSAGE) || 'Error',
    message: text('message', MAX_MESSAGE),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(stack && { stack }),
    ...causesOf(error, depth, budget),
  };
}

/**
 * JSON text of `{ error }`: name, message, code, stack and causes of a thrown error, all bounded; for other values, a
 * preview. Never throws, and never runs a proxy's traps.
 */
export function errorDetails(error: unknown): string {
  const described = describe(error, 0, { left: MAX_TOTAL_ERRORS });
  return JSON.stringify({ error: described }).toWellFormed();
}

/**
 * Text of the value that `read` returns, which may be anything that a handler throws or logs: storable, and not too
 * long. Empty for a value without text, such as an object without a prototype.
 */
export function truncateForStorage(read: () => unknown): string {
  try {
    return messageText(String(read()));
  } catch {
    return '';
  }
}
