import { inspect, types } from 'node:util';
import { messageText } from '../core/text.js';

const MAX_STACK = 4_000;
const MAX_MESSAGE = 1_000;

/** Deepest cause that is kept. */
const MAX_DEPTH = 5;

/** Most errors kept of one that gathers several (`AggregateError`). */
const MAX_ERRORS = 5;

/** Most errors kept in all, so that causes of causes do not multiply. */
const MAX_TOTAL_ERRORS = 12;

/** An error as the log of its attempt keeps it: what the task's error message leaves out. */
export interface ErrorDetails {
  name: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: ErrorDetails | ThrownValue;
  /** Of an `AggregateError`. */
  errors?: (ErrorDetails | ThrownValue)[];
}

/** Something thrown that is no error: what kind of value, and how it looks. */
export interface ThrownValue {
  thrown: string;
  value: string;
}

/** What a property holds; undefined where reading it throws. */
function read(from: object, name: string): unknown {
  try {
    return (from as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** A proxy is none, since each look at it may run code that throws. */
function isError(value: unknown): value is Error {
  if (types.isProxy(value)) return false;
  return types.isNativeError(value) || value instanceof Error;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (types.isProxy(value)) return 'proxy';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** How a value looks, without running any code of its own. */
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
 * JSON text of `{ error }`: name, message, code, stack and causes of what an attempt threw, all of it bounded; for what
 * is no error, what it is. Never throws, and never runs a proxy's traps.
 */
export function errorDetails(error: unknown): string {
  const described = describe(error, 0, { left: MAX_TOTAL_ERRORS });
  return JSON.stringify({ error: described }).toWellFormed();
}

/**
 * Text of what `read` gives, which may be anything that a handler throws or logs: storable, and not too long. Empty
 * for what has no text, such as an object without a prototype.
 */
export function truncateForStorage(read: () => unknown): string {
  try {
    return messageText(String(read()));
  } catch {
    return '';
  }
}
