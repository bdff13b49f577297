import type { ChalkInstance } from 'chalk';
import { makeNonBlocking } from '../app/log-output.js';
import { formatDuration } from '../client/duration.js';
import type { Task } from '../core/task.js';
import { REPLY_FIELDS } from '../core/task-fields.js';

interface OutputOptions {
  /** JSON, or text for people. */
  json: boolean;
  /** Colours text, or leaves it unchanged without colours. */
  paint: ChalkInstance;
  columns: number;
}

/** Standard output, for results only: data as JSON, one value a line, or text for people. */
export class Output {
  readonly isJson: boolean;
  readonly paint: ChalkInstance;
  /** Characters that fit on a line. */
  readonly columns: number;

  constructor({ json, paint, columns }: OutputOptions) {
    this.isJson = json;
    this.paint = paint;
    this.columns = columns;
  }

  /** Prints a value as the API's JSON on a line of its own, or the text for people. */
  say(value: object, text: (paint: ChalkInstance) => string): void {
    this.write(this.isJson ? plainJson(toResource(value)) : text(this.paint));
  }

  /** Prints values as a JSON array, one per line, or the text for people. */
  sayAll(values: readonly object[], text: (paint: ChalkInstance) => string): void {
    const lines = values.map((value) => plainJson(toResource(value)));
    this.write(this.isJson ? `[${lines.join(',\n ')}]` : text(this.paint));
  }

  write(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}

const TASK_NAMES = new Map<string, string>(REPLY_FIELDS.map(({ property, wire }) => [property, wire]));

/** Instants that are not fields of a task. */
const INSTANTS = new Set(['at', 'estimatedStart', 'startedAt', 'lastHeartbeat']);

function nameOf(key: string): string {
  const taskName = TASK_NAMES.get(key);
  if (taskName !== undefined) return taskName;
  const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return INSTANTS.has(key) ? `${name}_utc` : name;
}

/**
 * Converts the client's values back to the API's names, so that scripts and people find the same in both. Only the
 * members themselves: nested values (a payload, a result, details) are the user's.
 */
export const toResource = (value: object): object =>
  Object.fromEntries(Object.entries(value).map(([key, member]) => [nameOf(key), member]));

/** Characters that could move the cursor, change colours or the direction of writing. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const UNSAFE_RUNS = new RegExp(`${UNSAFE.source}+`, 'gu');
const EACH_UNSAFE = new RegExp(UNSAFE.source, 'gu');

/** Foreign text, safe for a terminal and on one line. */
export const plainText = (text: string): string => text.replace(UNSAFE_RUNS, ' ').toWellFormed();

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * A value as JSON on one line, safe for a terminal: control characters that `JSON.stringify` leaves are escaped too.
 */
export const plainJson = (value: unknown): string => JSON.stringify(value).replace(EACH_UNSAFE, escaped);

const STATUS_COLOURS = { queued: 'yellow', processing: 'cyan', completed: 'green', failed: 'red' } as const;

/** The status of a task, and its failure reason. */
export function paintedStatus({ status, failureReason }: Task, paint: ChalkInstance): string {
  const text = failureReason === null || failureReason === 'error' ? status : `${status} (${failureReason})`;
  return paint[STATUS_COLOURS[status]](text);
}

/** A duration for people: `6 ms`, `1.2 s`, `1 min 46 s`. Negative ones, from clocks that differ, count as 0. */
export const duration = (milliseconds: number): string => formatDuration(Math.max(0, milliseconds) / 1000);

/** A closed pipe (`| head`) is not an error. */
function onFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  console.error(`spoolite: Standard output could not be written: ${error.message}.`);
  process.exit(1);
}

/** For commands that end with their output: a failure to write it ends them. Standard error may get lost. */
export function exitOnFailedOutput(): void {
  process.stdout.on('error', onFailedOutput);
  process.stderr.on('error', () => undefined);
}

/** For commands that keep running: they ignore failed output. */
export function ignoreFailedOutput(): void {
  process.stdout.off('error', onFailedOutput).on('error', () => undefined);
  makeNonBlocking(process.stdout);
}
