import type { Storage } from '../repositories/storage.js';

/** What `build` makes of the storage. Where it throws, nobody gets the storage, so it is closed. */
export function closingOnError<T>(storage: Storage, build: () => T): T {
  try {
    return build();
  } catch (error) {
    // The first error is the one to report.
    void storage.close().catch(() => undefined);
    throw error;
  }
}
