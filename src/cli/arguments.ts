import { InvalidArgumentError } from 'commander';
import { SCOPES, type Scope } from '../core/access.js';
import { keyNameProblem } from '../core/api-key.js';
import { parseInstant } from '../core/instant.js';
import type { JsonObject } from '../core/json.js';

export function taskId(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a task id.');
}

/** Collects several, as commander does for repeated values. */
export const taskIds = (text: string, before: number[] = []): number[] => [...before, taskId(text)];

export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of 1 or more.');
}

export function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number of seconds.');
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function jsonObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Reported below.
  }
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"to":"ada"}'.`);
}

/** An instant; without a zone it is UTC. */
export function instant(text: string): Date {
  const milliseconds = parseInstant(text);
  if (milliseconds !== null) return new Date(milliseconds);
  throw new InvalidArgumentError('It must be a date and a time, such as 2025-11-05T19:35:00Z.');
}

/** The name of a new key. */
export function keyName(text: string): string {
  const name = text.trim();
  const problem = keyNameProblem(name);
  if (problem) throw new InvalidArgumentError(`It ${problem}.`);
  return name;
}

const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text);

/** `enqueue,read` → the scopes, each once. */
export function scopes(text: string): Scope[] {
  const named = [...new Set(text.split(',').map((name) => name.trim()))];
  if (named.every(isScope)) return named;
  throw new InvalidArgumentError(`Scopes are ${SCOPES.join(', ')}, separated by commas.`);
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000 };

const FROM_NOW = /^(\d{1,5})([dhm])$/;

/** The end of a key's validity: `90d`, `12h`, `30m` from now, or an instant. Milliseconds since 1970 UTC. */
export function expiry(text: string): number {
  const [, count, unit] = FROM_NOW.exec(text) ?? [];
  const now = Date.now();
  const at = unit === undefined ? parseInstant(text) : now + Number(count) * (UNIT_MS[unit] as number);
  if (at === null)
    throw new InvalidArgumentError('It must be a time from now, such as 90d or 12h, or a date and a time.');
  if (at <= now) throw new InvalidArgumentError('It must be in the future.');
  return at;
}
