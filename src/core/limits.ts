/** Longest texts and values that are stored. Validation and documentation derive from it. */
export const TEXT_LIMITS = Object.freeze({
  /** Characters (code points) of the name of a type, worker, host or version. */
  name: 200,
  idempotencyKey: 255,
  keyName: 100,
  /** Characters of texts for people: errors, progress, log messages. Longer ones are truncated, with a mark. */
  message: 10_000,
  /** Bytes as JSON. */
  compatibility: 4096,
  capabilities: 64 * 1024,
  logDetails: 64 * 1024,
  /** Of a payload, and of a result: one task always fits into one reply, whatever the body limits. */
  value: 15_000_000,
});

/**
 * Ranges and defaults of a task's fields. Validation and documentation derive from it; the tables repeat the ranges as
 * checks.
 */
export const TASK_LIMITS = Object.freeze({
  nameLength: TEXT_LIMITS.name,
  priority: { min: 1, max: 1000, default: 100 },
  maxAttempts: { min: 1, max: 10, default: 5 },
  idempotencyKeyLength: TEXT_LIMITS.idempotencyKey,
  listLimit: { max: 1000, default: 100 },
  batchSize: 1000,
});

/** Ranges and defaults of a worker's requests. Validation and documentation derive from it. */
export const LEASE_LIMITS = Object.freeze({
  claim: { max: 100, default: 1 },
  leaseSeconds: { min: 5, max: 3600, default: 60 },
  /** A year: far enough, and no resulting instant is beyond those that can be returned. */
  retryAfterSeconds: { max: 365 * 24 * 3600 },
  logEntries: 1000,
  types: 1000,
});

/** Ranges of a handler's retry policy. */
export const RETRY_LIMITS = Object.freeze({
  baseSeconds: { min: 0, max: LEASE_LIMITS.retryAfterSeconds.max },
  factor: { min: 1, max: 1000 },
  maxSeconds: { min: 0, max: LEASE_LIMITS.retryAfterSeconds.max },
  jitter: { min: 0, max: 1 },
});

/** Ranges of a reader's requests over HTTP. Validation and documentation derive from it. */
export const POLL_LIMITS = Object.freeze({
  /** Of a long poll. */
  waitSeconds: { max: 60 },
  /** Ids in one request. */
  ids: 1000,
});

/** How much is read and sent at once, in characters of at most three bytes each. */
export const BYTE_LIMITS = Object.freeze({
  /** Of a page of the change feed, a log, the audit log or the workers; a larger item makes a page of its own. */
  page: 4 * 1024 * 1024,
  /** Of one read for a reply in pieces, such as a list or a stream. */
  piece: 1024 * 1024,
  /** Bytes of one claim: with JSON's overhead, the reply stays below 32 MB. */
  claim: 24_000_000,
});

export interface PageBounds {
  /** Most items. */
  limit: number;
  /** Most characters of all items together; a first item may exceed it. */
  characters: number;
}

/** The leading items that are within the limits, at least one; reads at most one item further. */
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
