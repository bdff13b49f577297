/** What is read and answered at once, in characters of text, of which none has more than three bytes. */
export const BYTE_LIMITS = Object.freeze({
  /** Of a page of the change feed, a log, the audit log or the workers; one item may be larger and is a page alone. */
  page: 4 * 1024 * 1024,
  /** Of what is read at once for an answer in pieces, such as a list or a stream. */
  piece: 1024 * 1024,
  /** Bytes of what is claimed at once: with what JSON adds, the answer stays below 32 MB. */
  claim: 24_000_000,
});
