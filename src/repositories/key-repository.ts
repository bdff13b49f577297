import type { ApiKey } from '../core/api-key.js';

/** A key, with what its token is known by. */
export interface StoredKey extends ApiKey {
  hash: string;
}

/** The keys to the API, as the server needs them. */
export interface KeyRepository {
  /** Raised by every change of what a key may do; 0 before there is any. */
  version(): number;
  /** All there ever were. */
  list(): StoredKey[];
  /**
   * Calls `listener` after commits of any process: a key may have changed. `notice` is called ahead of that, before any
   * request is read that came after this process was notified, and must cost next to nothing.
   */
  onCommit(listener: () => void, notice: () => void): void;
  /** Notes that keys were used: id → when, in milliseconds since 1970 UTC. */
  touch(uses: ReadonlyMap<number, number>): Promise<void>;
}
