/** Longest texts and values that are stored: one truth for validation, storage of every kind and documentation. */
export const TEXT_LIMITS = Object.freeze({
  /** Characters (code points) of the name of a type, worker, host or version. */
  name: 200,
  idempotencyKey: 255,
  keyName: 100,
  /** Characters of what people are told: errors, progress, log messages. What is longer is cut, with a mark. */
  message: 10_000,
  /** Bytes as JSON. */
  compatibility: 4096,
  capabilities: 64 * 1024,
  logDetails: 64 * 1024,
  /** Of a payload, and of a result: whatever the limits of bodies are, one task always fits into one answer. */
  value: 15_000_000,
});

/** Ranges and defaults of what a task may carry: one truth for validation, schema and documentation. */
export const TASK_LIMITS = Object.freeze({
  nameLength: TEXT_LIMITS.name,
  priority: { min: 1, max: 1000, default: 100 },
  maxAttempts: { min: 1, max: 10, default: 5 },
  idempotencyKeyLength: TEXT_LIMITS.idempotencyKey,
  listLimit: { max: 1000, default: 100 },
  batchSize: 1000,
});

/** Ranges and defaults of what a worker may ask for: one truth for validation and documentation. */
export const LEASE_LIMITS = Object.freeze({
  claim: { max: 100, default: 1 },
  leaseSeconds: { min: 5, max: 3600, default: 60 },
  /** A year: far enough, and no instant it leads to is beyond those that can be answered. */
  retryAfterSeconds: { max: 365 * 24 * 3600 },
  logEntries: 1000,
  types: 1000,
});

/** Ranges of how a handler's attempts are repeated. */
export const RETRY_LIMITS = Object.freeze({
  baseSeconds: { min: 0, max: LEASE_LIMITS.retryAfterSeconds.max },
  factor: { min: 1, max: 1000 },
  maxSeconds: { min: 0, max: LEASE_LIMITS.retryAfterSeconds.max },
  jitter: { min: 0, max: 1 },
});

/** Ranges of what a reader may ask for over HTTP: one truth for validation and documentation. */
export const POLL_LIMITS = Object.freeze({
  /** Of a request that waits for something. */
  waitSeconds: { max: 60 },
  /** Tasks asked for by their ids in one request. */
  ids: 1000,
});

/** What is read and answered at once, in characters of text, of which none has more than three bytes. */
export const BYTE_LIMITS = Object.freeze({
  /** Of a page of the change feed, a log, the audit log or the workers; one item may be larger and is a page alone. */
  page: 4 * 1024 * 1024,
  /** Of what is read at once for an answer in pieces, such as a list or a stream. */
  piece: 1024 * 1024,
  /** Bytes of what is claimed at once: with what JSON adds, the answer stays below 32 MB. */
  claim: 24_000_000,
});

export interface PageBounds {
  /** Most items. */
  limit: number;
  /** Most characters of all items together; a first one may have more. */
  characters: number;
}

/** The first of the items that are within the limits, at least one; nothing beyond the next one is read. */
export function takeWithin<Item>(
  items: Iterable<Item>,
  lengthOf: (item: Item) => number,
  { limit, characters }: PageBounds,
): { taken: Item[]; isCut: boolean } {
  const taken: Item[] = [];
  let length = 0;
  for (const item of items) {
    length += lengthOf(item);
    if (taken.length === limit || (taken.length > 0 && length > characters)) return { taken, isCut: true };
    taken.push(item);
  }
  return { taken, isCut: false };
}

/** Longest time between two heartbeats, whatever the lease. */
export const MAX_HEARTBEAT_MS = 5_000;
