import type { ServerSettings } from '../config/server-options.js';
import { type Actor, ANONYMOUS, grants, type RateLimitClass, type Scope } from '../core/access.js';
import type { Clock } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import type { StoredKey } from '../repositories/key-repository.js';
import type { ApiKeyCache } from './api-key-cache.js';
import type { ClientAddresses } from './client-address.js';
import { bearerToken, type Sessions, sessionIn } from './credentials.js';
import { type BareResponse, type RequestSource, requestIdOf } from './exchange.js';
import { isAllowedHost, isAllowedOrigin, rejectCrossOrigin } from './origins.js';
import type { FailedAuthLimiter, RateLimits } from './rate-limits.js';

type AccessSettings = Pick<ServerSettings, 'hidePayloads' | 'allowedHosts' | 'corsOrigins'>;

/** Collaborators of the access control. */
export interface AccessControlParts {
  keyCache: ApiKeyCache;
  sessions: Sessions;
  addresses: ClientAddresses;
  rates: RateLimits;
  wrongKeys: FailedAuthLimiter;
  clock: Clock;
}

/** A route's requirements. */
export interface RoutePolicy {
  /** Scopes that a key must have, all of them; empty if the route is public. */
  scopes: readonly Scope[];
  /** The class in which the request is counted. */
  rateLimit: RateLimitClass | 'none';
}

/** The refusal of a key without these scopes. */
export const missingScopes = (key: string, scopes: readonly Scope[]): SpooliteError =>
  new SpooliteError('FORBIDDEN', `The key "${key}" lacks the required scope ${scopes.join(' and ')}`);

/** Authorizes requests: every request path calls it before anything else is looked at. */
export class AccessControl {
  readonly #keyCache: ApiKeyCache;
  readonly #sessions: Sessions;
  readonly #addresses: ClientAddresses;
  readonly #rates: RateLimits;
  readonly #wrongKeys: FailedAuthLimiter;
  readonly #clock: Clock;
  readonly #settings: AccessSettings;
  readonly #unauthenticated: Principal;
  readonly #anonymous: Principal;
  readonly #accesses = new WeakMap<StoredKey, Principal>();

  constructor(
    { keyCache, sessions, addresses, rates, wrongKeys, clock }: AccessControlParts,
    settings: AccessSettings,
  ) {
    this.#keyCache = keyCache;
    this.#sessions = sessions;
    this.#addresses = addresses;
    this.#rates = rates;
    this.#wrongKeys = wrongKeys;
    this.#clock = clock;
    this.#settings = { ...settings, allowedHosts: settings.allowedHosts.map((name) => name.toLowerCase()) };
    this.#unauthenticated = { name: ANONYMOUS, key: null, scopes: [], seesPayloads: false, endsAt: null };
    // Where no keys are required; `hidePayloads` still applies.
    this.#anonymous = {
      name: ANONYMOUS,
      key: null,
      scopes: ['admin'],
      seesPayloads: !settings.hidePayloads,
      endsAt: null,
    };
  }

  /**
   * Authorizes the request that `res` answers, if its principal has all these scopes and is within its rate;
   * synchronous while the cached keys are current. Throws UNAUTHENTICATED, RATE_LIMITED and FORBIDDEN, before revealing
   * anything about the resource, and NOT_READY.
   */
  authorize(req: RequestSource, res: BareResponse, policy: RoutePolicy): Promise<void> | undefined {
    rejectCrossOrigin(req, this.#settings.corsOrigins);
    const address = this.#addresses.of(req);
    const admit = (access: Principal) => this.#admit(access, address, res, policy);
    const catchingUp = policy.scopes.length > 0 ? this.#keyCache.catchUp() : undefined;
    if (catchingUp) return catchingUp.then(() => admit(this.#knownAccessOf(req, address)));
    admit(policy.scopes.length === 0 ? this.#unauthenticated : this.#knownAccessOf(req, address));
    return undefined;
  }

  #admit(
    access: Principal,
    address: string | null,
    res: BareResponse,
    { scopes, rateLimit }: RoutePolicy,
  ): void {
    setPrincipal(res, access, address);
    this.#rates.spend(res, rateLimit);
    if (grants(access.scopes, scopes)) return;
    throw missingScopes(access.name, scopes);
  }

  /** The principal of a request; null if unauthenticated. Throws nothing. */
  async whoIs(req: RequestSource): Promise<Principal | null> {
    try {
      await this.#keyCache.catchUp();
      return this.#knownAccessOf(req, this.#addresses.of(req));
    } catch {
      return null;
    }
  }

  /** The principal of a token. Throws UNAUTHENTICATED, NOT_READY, and RATE_LIMITED after too many wrong tokens. */
  async accessWithToken(token: string, req: RequestSource): Promise<Principal> {
    try {
      await this.#keyCache.catchUp();
      return this.accessWith(this.#keyCache.withToken(token));
    } catch (error) {
      throw this.#wrongKeys.counted(error, this.#addresses.of(req));
    }
  }

  /** The principal of a key. */
  accessWith(key: StoredKey): Principal {
    const known = this.#accesses.get(key);
    if (known) return known;
    const seesPayloads = !this.#settings.hidePayloads || key.scopes.includes('admin');
    const access = { name: key.name, key, scopes: key.scopes, seesPayloads, endsAt: key.expiresAt };
    this.#accesses.set(key, access);
    return access;
  }

  #knownAccessOf(req: RequestSource, address: string | null): Principal {
    if (!this.#keyCache.hasKeys) return this.#withoutKey(req);
    let access: Principal | null;
    try {
      access = this.#accessOf(req);
    } catch (error) {
      throw this.#wrongKeys.counted(error, address);
    }
    if (access) return access;
    throw new SpooliteError(
      'UNAUTHENTICATED',
      'A key is needed: send it with the header "Authorization: Bearer <key>"',
    );
  }

  /** Null for a request without a key. */
  #accessOf(req: RequestSource): Principal | null {
    const token = bearerToken(req);
    if (token !== undefined) return this.accessWith(this.#keyCache.withToken(token));
    // Pages of other allowed origins send a key of their own.
    const session = isAllowedOrigin(req) ? sessionIn(req.headers.cookie) : undefined;
    if (!session) return null;
    // The id of a key reveals nothing about it without a signed session.
    const key = this.#keyCache.withId(session.keyId, (found) => this.#sessions.isOf(found, session));
    if (key && this.#clock.now() < session.expiresAt)
      return { ...this.accessWith(key), endsAt: session.expiresAt };
    throw new SpooliteError('UNAUTHENTICATED', 'The session has expired; sign in again');
  }

  #withoutKey({ headers: { host } }: RequestSource): Principal {
    if (host === undefined || isAllowedHost(host, this.#settings.allowedHosts)) return this.#anonymous;
    throw new SpooliteError(
      'FORBIDDEN',
      'The host name in the Host header is not allowed: see --allowed-hosts',
    );
  }
}

/** The identity behind a request. */
export interface Principal {
  /** The key's name, or `anonymous`. */
  name: string;
  /** Null if anonymous. */
  key: StoredKey | null;
  scopes: readonly Scope[];
  /** Whether payloads and results may be shown. */
  seesPayloads: boolean;
  /** When it expires, in milliseconds since 1970 UTC, unless the key is revoked or rotated before; null is never. */
  endsAt: number | null;
}

const ACCESS = Symbol('access');

const ADDRESS = Symbol('address');

type WithAccess = { [ACCESS]?: Principal; [ADDRESS]?: string | null };

/** Records the principal and the address of the request that `res` answers. */
export function setPrincipal(res: BareResponse, access: Principal, address: string | null): void {
  (res as WithAccess)[ACCESS] = access;
  (res as WithAccess)[ADDRESS] = address;
}

/** The principal of the request that `res` answers. */
export function principalOf(res: BareResponse): Principal {
  const access = (res as WithAccess)[ACCESS];
  if (!access) throw new Error('The request was not authenticated');
  return access;
}

/** The client's address of the request that `res` answers, also behind a trusted proxy. Null once disconnected. */
export const addressOf = (res: BareResponse): string | null => (res as WithAccess)[ADDRESS] ?? null;

/** The actor of the request that `res` answers. */
export const actorOf = (res: BareResponse): Actor => ({
  name: principalOf(res).name,
  address: addressOf(res),
  requestId: requestIdOf(res),
});
