import type { Actor, Scope } from '../core/access.js';
import type { ApiKey } from '../core/api-key.js';

/** A key, with what its token is known by. */
export interface StoredKey extends ApiKey {
  hash: string;
}

/** The keys to the API, as the server needs them. */
export interface KeyRepository {
  /** Raised by every change of what a key may do; 0 before there is any. */
  version(): Promise<number>;
  /** All there ever were. */
  list(): Promise<StoredKey[]>;
  /**
   * Calls `listener` after commits of any process: a key may have changed. `notice` is called ahead of that, before any
   * request is read that came after this process was notified, and must cost next to nothing: it notes that what was read may be old, and the next request reads.
   */
  onCommit(listener: () => void, notice: () => void): void;
  /** Notes that keys were used: id → when, in milliseconds since 1970 UTC. */
  touch(uses: ReadonlyMap<number, number>): Promise<void>;
}

export interface NewKey {
  name: string;
  scopes: Scope[];
  /** Milliseconds since 1970 UTC; null is never. */
  expiresAt: number | null;
}

/** The keys, for a command about them. Whoever serves heeds each change at once. */
export interface KeyAdministration {
  list(): Promise<ApiKey[]>;
  /** Returns the token, which is not told again. Throws `UserError` when there is, or was, a key of this name. */
  create(key: NewKey, actor: Actor): Promise<string>;
  /** Throws `UserError` when there is no key of this name, or it is revoked already. */
  revoke(name: string, actor: Actor): Promise<void>;
  /** Another token for the same key, returned; the old one is refused from now on. Throws as `revoke` does. */
  rotate(name: string, actor: Actor): Promise<string>;
  close(): Promise<void>;
}
