import { hashOf, isToken } from '../core/api-key.js';
import type { Clock } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import type { KeyRepository, StoredKey } from '../repositories/key-repository.js';
import type { Principal } from './access-control.js';

/** Milliseconds between two writes of last uses. */
const TOUCH_MS = 60_000;

/** Before the keys were read. */
const UNREAD = -1;

/** The maximum of Node's timers. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const refusal = (message: string): SpooliteError => new SpooliteError('UNAUTHENTICATED', message);

/**
 * The keys, in memory: looking one up costs a poll next to nothing. After a commit of any process the next request
 * checks, in one small read, whether a key has changed: a revocation takes effect at once. Methods that answer from
 * memory alone are to be called after `catchUp`.
 */
export class ApiKeyCache {
  readonly #keys: KeyRepository;
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #byHash = new Map<string, StoredKey>();
  #byId = new Map<number, StoredKey>();
  /** By valid tokens: hashing costs more than all the rest. */
  #byToken = new Map<string, StoredKey>();
  #version = UNREAD;
  /** Commits that this process was notified of, and how many of them the cached keys are known to include. */
  #notices = 1;
  #seen = 0;
  #refreshing: Promise<void> | undefined;
  #uses = new Map<number, number>();
  #touchAt = 0;

  constructor(keys: KeyRepository, clock: Clock) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /**
   * Undefined while the cached keys are current; else resolves once they are. Throws NOT_READY if they cannot be read.
   */
  catchUp(): Promise<void> | undefined {
    return this.#seen === this.#notices ? undefined : this.#refreshAfter(this.#notices);
  }

  /** Whether anonymous access is allowed, as no key has ever existed. Throws NOT_READY. */
  async isOpen(): Promise<boolean> {
    await this.catchUp();
    return !this.hasKeys;
  }

  /** Whether a key has ever existed, from memory. */
  get hasKeys(): boolean {
    return this.#byId.size > 0;
  }

  /** The key of a token, from memory. Throws UNAUTHENTICATED, with the reason. */
  withToken(token: string): StoredKey {
    const known = this.#byToken.get(token);
    if (known) return this.#usable(known);
    const key = isToken(token) ? this.#byHash.get(hashOf(token)) : undefined;
    if (!key) throw refusal('This is not a key of this server');
    this.#byToken.set(token, key);
    return this.#usable(key);
  }

  /**
   * The key of an id, from memory, if `isOwner` accepts it; else null. Throws UNAUTHENTICATED, with the reason, to its
   * owner alone.
   */
  withId(id: number, isOwner: (key: StoredKey) => boolean): StoredKey | null {
    const key = this.#byId.get(id);
    return key && isOwner(key) ? this.#usable(key) : null;
  }

  /** Whether a principal is still valid: its key is unchanged, or there is still no key. Throws NOT_READY. */
  async isGood(access: Pick<Principal, 'key' | 'endsAt'>): Promise<boolean> {
    await this.catchUp();
    return this.#holds(access);
  }

  /**
   * Calls `listener` once, when the principal is no longer valid, which may be at once. For connections that stay open
   * without further requests. Resolves to a function that ends it. Throws NOT_READY if the keys cannot be read.
   */
  async onEnd(access: Pick<Principal, 'key' | 'endsAt'>, listener: () => void): Promise<() => void> {
    await this.catchUp();
    let timer: NodeJS.Timeout | undefined;
    const check = () => {
      clearTimeout(timer);
      if (this.#holds(access)) return checkLater();
      this.#listeners.delete(check);
      listener();
    };
    // A timer may fire a moment early by the wall clock, and its maximum is shorter than the life of some keys.
    const checkLater = () => {
      if (access.endsAt === null) return;
      const left = Math.min(Math.max(access.endsAt - this.#clock.now(), 1), LONGEST_TIMER_MS);
      timer = setTimeout(check, left).unref();
    };
    this.#listeners.add(check);
    check();
    return () => {
      clearTimeout(timer);
      this.#listeners.delete(check);
    };
  }

  /** Stores last uses that are not stored yet. */
  async noteUses(): Promise<void> {
    const uses = this.#uses;
    this.#uses = new Map();
    // No request fails with it; the next use is noted again.
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

  #holds({ key, endsAt }: Pick<Principal, 'key' | 'endsAt'>): boolean {
    if (endsAt !== null && this.#clock.now() >= endsAt) return false;
    if (key === null) return !this.hasKeys;
    const current = this.#byId.get(key.id);
    return current?.hash === key.hash && current.revokedAt === null;
  }

  async #refreshAfter(notice: number): Promise<void> {
    // A running refresh may have begun before the notice.
    await this.#refreshing?.catch(() => undefined);
    if (this.#seen >= notice) return;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const notices = this.#notices;
    if (this.#version === UNREAD) this.#keys.onCommit(this.#onCommit, this.#notice);
    const version = await this.#readVersion();
    if (version === null) return;
    if (version !== this.#version) {
      const keys = await this.#readKeys();
      this.#version = version;
      this.#byHash = new Map(keys.map((key) => [key.hash, key]));
      this.#byId = new Map(keys.map((key) => [key.id, key]));
      this.#byToken = new Map();
      for (const listener of [...this.#listeners]) listener();
    }
    this.#seen = notices;
  }

  readonly #notice = (): void => {
    this.#notices++;
  };

  readonly #onCommit = (): void => {
    this.#notice();
    // Listeners have open connections, which make no further requests. If this fails, the next request is refused.
    if (this.#listeners.size > 0) this.catchUp()?.catch(() => undefined);
  };

  /** Keys that may have changed admit no request. */
  async #readKeys(): Promise<StoredKey[]> {
    try {
      return await this.#keys.list();
    } catch (cause) {
      throw Object.assign(new SpooliteError('NOT_READY', 'The keys cannot be read'), { cause });
    }
  }

  /** Null if the storage can no longer be read: the cached keys stay valid, and the request itself will fail. */
  async #readVersion(): Promise<number | null> {
    try {
      return await this.#keys.version();
    } catch (cause) {
      if (this.#version !== UNREAD) return null;
      throw Object.assign(new SpooliteError('NOT_READY', 'The storage cannot be read'), { cause });
    }
  }
}
