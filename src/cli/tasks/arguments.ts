import { InvalidArgumentError } from 'commander';
import { parseInstant } from '../../domain/instant.js';
import type { JsonObject } from '../../domain/json.js';

/** The number of a task. */
export function taskId(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of a task.');
}

/** Several of them, as commander gathers them. */
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
    // Said below.
  }
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"to":"ada"}'.`);
}

/** An instant; without a zone it is UTC, as everywhere. */
export function instant(text: string): Date {
  const milliseconds = parseInstant(text);
  if (milliseconds !== null) return new Date(milliseconds);
  throw new InvalidArgumentError('It must be a date and a time, such as 2025-11-05T19:35:00Z.');
}
