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
