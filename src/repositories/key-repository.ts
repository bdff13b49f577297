import type { Actor, Scope } from '../core/access.js';
import type { ApiKey } from '../core/api-key.js';

/** A key, with the hash of its token. */
export interface StoredKey extends ApiKey {
  hash: string;
}

/** The API keys, as the server needs them. */
export interface KeyRepository {
  /** Raised by every change of a key's rights; 0 before there is any. */
  version(): Promise<number>;
  /** All keys, revoked ones included. */
  list(): Promise<StoredKey[]>;
  /**
   * Calls `listener` after commits of any process: a key may have changed. `notice`, which must be very cheap, is
   * called first, before any request is read that came after this process was notified: it marks what was read as
   * possibly old, and the next request reads.
   */
  onCommit(listener: () => void, notice: () => void): void;
  /** Records last uses of keys: id → when, in milliseconds since 1970 UTC. */
  touch(uses: ReadonlyMap<number, number>): Promise<void>;
}

export interface NewKey {
  name: string;
  scopes: Scope[];
  /** Milliseconds since 1970 UTC; null is never. */
  expiresAt: number | null;
}

/** The API keys, for commands. Servers apply each change at once. */
export interface KeyAdministration {
  list(): Promise<ApiKey[]>;
  /** Returns the token, which is not shown again. Throws `UserError` if a key of this name exists or existed. */
  create(key: NewKey, actor: Actor): Promise<string>;
  /** Throws `UserError` if there is no key of this name, or it is already revoked. */
  revoke(name: string, actor: Actor): Promise<void>;
  /** Replaces the key's token and returns the new one; the old one is refused from now on. Throws as `revoke` does. */
  rotate(name: string, actor: Actor): Promise<string>;
  close(): Promise<void>;
}
