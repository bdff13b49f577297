import { hashOf, isToken } from '../core/api-key.js';
import type { Clock } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import type { KeyRepository, StoredKey } from '../repositories/key-repository.js';
import type { Principal } from './access-control.js';

/** Milliseconds between two notes of when keys were last used. */
const TOUCH_MS = 60_000;

/** Before the keys were read. */
const UNREAD = -1;

/** Timers of node count no further. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const refusal = (message: string): SpooliteError => new SpooliteError('UNAUTHENTICATED', message);

/**
 * The keys, in memory: looking one up costs a poll next to nothing. After a commit of any process the next request looks,
 * in one small read, whether a key has changed: who revokes a key can count on it at once.
 */
export class ApiKeyCache {
  readonly #keys: KeyRepository;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #byHash = new Map<string, StoredKey>();
  #byId = new Map<number, StoredKey>();
  /** By tokens that were good: hashing costs more than all the rest. */
  #byToken = new Map<string, StoredKey>();
  #version = UNREAD;
  #isStale = true;
  #uses = new Map<number, number>();
  #touchAt = 0;

  constructor(keys: KeyRepository, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Whether everybody may come in, as there never was a key. */
  get isOpen(): boolean {
    this.#refresh();
    return this.#byId.size === 0;
  }

  /** The key of a token. Throws UNAUTHENTICATED, saying why. */
  withToken(token: string): StoredKey {
    this.#refresh();
    const known = this.#byToken.get(token);
    if (known) return this.#usable(known);
    const key = isToken(token) ? this.#byHash.get(hashOf(token)) : undefined;
    if (!key) throw refusal('This is not a key of this server');
    this.#byToken.set(token, key);
    return this.#usable(key);
  }

  /** The key itself, for who proves that it is his; else null. Throws UNAUTHENTICATED, saying why, to its owner alone. */
  withId(id: number, isOwner: (key: StoredKey) => boolean): StoredKey | null {
    this.#refresh();
    const key = this.#byId.get(id);
    return key && isOwner(key) ? this.#usable(key) : null;
  }

  /** Whether whoever was let in would be let in now: with a key that is as it was, without one while there is none. */
  isGood({ key, endsAt }: Pick<Principal, 'key' | 'endsAt'>): boolean {
    if (endsAt !== null && this.#clock.now() >= endsAt) return false;
    if (key === null) return this.isOpen;
    this.#refresh();
    const current = this.#byId.get(key.id);
    return current?.hash === key.hash && current.revokedAt === null;
  }

  /**
   * Calls `listener` once, when what was let in is good no more, which may be at once. For what stays open without being
   * asked for again. Returns a function that ends it. Throws NOT_READY where the keys cannot be read.
   */
  onEnd(access: Pick<Principal, 'key' | 'endsAt'>, listener: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const look = () => {
      clearTimeout(timer);
      if (this.isGood(access)) return lookLater();
      this.#listeners.delete(look);
      listener();
    };
    // A timer may come a moment early, by the clock that counts, and none is as long as some keys last.
    const lookLater = () => {
      if (access.endsAt === null) return;
      const left = Math.min(Math.max(access.endsAt - this.#clock.now(), 1), LONGEST_TIMER_MS);
      timer = setTimeout(look, left).unref();
    };
    const forget = () => {
      clearTimeout(timer);
      this.#listeners.delete(look);
    };
    this.#listeners.add(look);
    try {
      look();
    } catch (error) {
      forget();
      throw error;
    }
    return forget;
  }

  /** Writes down what is not yet noted of when keys were used. */
  async noteUses(): Promise<void> {
    const uses = this.#uses;
    this.#uses = new Map();
    // Nobody's request fails with it; the next use is noted again.
    if (uses.size > 0) await this.#keys.touch(uses).catch(() => undefined);
  }

  #isExpired({ expiresAt }: StoredKey): boolean {
    return expiresAt !== null && this.#clock.now() >= expiresAt;
  }

  #usable(key: StoredKey): StoredKey {
    const now = this.#clock.now();
    if (key.revokedAt !== null) throw refusal(`The key "${key.name}" is revoked`);
    if (this.#isExpired(key)) throw refusal(`The key "${key.name}" has expired`);
    this.#uses.set(key.id, now);
    if (now >= this.#touchAt) {
      this.#touchAt = now + TOUCH_MS;
      void this.noteUses();
    }
    return key;
  }

  #refresh(): void {
    if (!this.#isStale) return;
    if (this.#version === UNREAD) this.#keys.onCommit(this.#onCommit, this.#markStale);
    const version = this.#readVersion();
    if (version === this.#version) return;
    const keys = this.#readKeys();
    this.#version = version;
    this.#byHash = new Map(keys.map((key) => [key.hash, key]));
    this.#byId = new Map(keys.map((key) => [key.id, key]));
    this.#byToken = new Map();
    for (const listener of [...this.#listeners]) listener();
  }

  readonly #markStale = (): void => {
    this.#isStale = true;
  };

  readonly #onCommit = (): void => {
    this.#markStale();
    // Whoever listens has something open that nobody asks about again.
    if (this.#listeners.size === 0) return;
    try {
      this.#refresh();
    } catch {
      // Still stale: the next request is refused.
    }
  };

  /** Nobody is let in by keys that may have changed. */
  #readKeys(): StoredKey[] {
    try {
      return this.#keys.list();
    } catch (cause) {
      this.#isStale = true;
      throw Object.assign(new SpooliteError('NOT_READY', 'The keys cannot be read'), { cause });
    }
  }

  /** Where the file can no longer be read, what was read before holds: the request itself will fail at that. */
  #readVersion(): number {
    try {
      const version = this.#keys.version();
      this.#isStale = false;
      return version;
    } catch (cause) {
      if (this.#version !== UNREAD) return this.#version;
      throw Object.assign(new SpooliteError('NOT_READY', 'The storage cannot be read'), { cause });
    }
  }
}
