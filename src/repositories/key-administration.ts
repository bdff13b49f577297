import type { Actor, Scope } from '../core/access.js';
import type { ApiKey } from '../core/api-key.js';

export interface NewKey {
  name: string;
  scopes: Scope[];
  /** Milliseconds since 1970 UTC; null is never. */
  expiresAt: number | null;
}

/** The keys of a file, for a command about them. Whoever serves from the file heeds each change at once. */
export interface KeyAdministration {
  list(): ApiKey[];
  /** Returns the token, which is not told again. Throws `StartupError` when there is, or was, a key of this name. */
  create(key: NewKey, by: Actor): string;
  /** Throws `StartupError` when there is no key of this name, or it is revoked already. */
  revoke(name: string, by: Actor): void;
  /** Another token for the same key, returned; the old one is refused from now on. Throws as `revoke` does. */
  rotate(name: string, by: Actor): string;
  close(): void;
}
