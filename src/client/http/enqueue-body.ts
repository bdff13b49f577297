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

/** A new task as the API takes it. A misspelt name goes along, for the server to refuse it. */
export const enqueueBody = (task: object): object =>
  Object.fromEntries(
    Object.entries(task).map(([name, value]) => [isKnown(name) ? FIELDS[name] : name, value]),
  );
