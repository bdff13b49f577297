/** Ranges of what a reader may ask for over HTTP: one truth for validation and documentation. */
export const POLL_LIMITS = Object.freeze({
  /** Of a request that waits for something. */
  waitSeconds: { max: 60 },
  /** Tasks asked for by their ids in one request. */
  ids: 1000,
});
