const FIELDS = {
  type: 'type',
  payload: 'payload',
  priority: 'priority',
  maxAttempts: 'max_attempts',
  compatibility: 'compatibility',
  runAfter: 'run_after_utc',
  idempotencyKey: 'idempotency_key',
} as const;

const isKnown = (name: string): name is keyof typeof FIELDS => Object.hasOwn(FIELDS, name);

/** An instant that is none must not become "at once": JSON would make null of it. */
const toField = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

/**
 * A new task as the API takes it. A misspelt name goes along, to be refused there. Throws `RangeError` for a `Date` that
 * is no instant.
 */
export const enqueueBody = (task: object): object =>
  Object.fromEntries(
    Object.entries(task).map(([name, value]) => [isKnown(name) ? FIELDS[name] : name, toField(value)]),
  );
