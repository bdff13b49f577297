import type { Budget } from '../../domain/budget.js';
import { ANONYMOUS } from '../../domain/caller.js';
import type { Clock } from '../../domain/clock.js';
import { grants, type Scope } from '../../domain/scope.js';
import { SpooliteError } from '../../domain/spoolite-error.js';
import type { StoredKey } from '../../repositories/key-repository.js';
import type { RateLimits } from '../limits/rate-limits.js';
import type { WrongKeys } from '../limits/wrong-keys.js';
import type { Reply } from '../reply.js';
import { type Access, noteAccess } from './access.js';
import { bearerToken } from './bearer-token.js';
import type { ClientAddresses } from './client-addresses.js';
import { isOwnOrigin } from './is-own-origin.js';
import type { KeyRing } from './key-ring.js';
import { isOwnName } from './own-names.js';
import { refuseStrangers } from './refuse-strangers.js';
import type { RequestSource } from './request-source.js';
import { type Sessions, sessionIn } from './session.js';

export interface GateOptions {
  /** Keep payloads and results from everybody but `admin`. */
  hidePayloads: boolean;
  /** Names, in lower case, that the server answers to without a key, besides its addresses. */
  allowedHosts: readonly string[];
  /** Origins whose pages may ask. */
  corsOrigins: readonly string[];
}

/** What the gate asks besides the keys. */
export interface GateKeepers {
  ring: KeyRing;
  sessions: Sessions;
  addresses: ClientAddresses;
  rates: RateLimits;
  wrongKeys: WrongKeys;
  clock: Clock;
}

/** What of a route the gate goes by. */
export interface Entrance {
  /** What a key must be for, all of it; none is for everybody. */
  scopes: readonly Scope[];
  /** What the request is counted as. */
  budget: Budget | 'none';
}

/** Lets in who may: every road asks it before anything else is looked at. */
export class Gate {
  readonly #ring: KeyRing;
  readonly #sessions: Sessions;
  readonly #addresses: ClientAddresses;
  readonly #rates: RateLimits;
  readonly #wrongKeys: WrongKeys;
  readonly #clock: Clock;
  readonly #options: GateOptions;
  readonly #nobody: Access;
  readonly #anonymous: Access;
  readonly #accesses = new WeakMap<StoredKey, Access>();

  constructor({ ring, sessions, addresses, rates, wrongKeys, clock }: GateKeepers, options: GateOptions) {
    this.#ring = ring;
    this.#sessions = sessions;
    this.#addresses = addresses;
    this.#rates = rates;
    this.#wrongKeys = wrongKeys;
    this.#clock = clock;
    this.#options = options;
    this.#nobody = { name: ANONYMOUS, key: null, scopes: [], seesPayloads: false, endsAt: null };
    // Who comes without a key is nobody's administrator.
    this.#anonymous = {
      name: ANONYMOUS,
      key: null,
      scopes: ['admin'],
      seesPayloads: !options.hidePayloads,
      endsAt: null,
    };
  }

  /**
   * Lets the request in that `res` answers, if it may do what needs all these scopes and has not asked too often. Throws
   * UNAUTHENTICATED, RATE_LIMITED and FORBIDDEN, before anything is known of what is asked for.
   */
  admit(req: RequestSource, res: Reply, { scopes, budget }: Entrance): void {
    refuseStrangers(req, this.#options.corsOrigins);
    const address = this.#addresses.of(req);
    const access = scopes.length === 0 ? this.#nobody : this.#knownAccessOf(req, address);
    noteAccess(res, access, address);
    this.#rates.spend(res, budget);
    if (grants(access.scopes, scopes)) return;
    throw new SpooliteError(
      'FORBIDDEN',
      `The key "${access.name}" has not the scope ${scopes.join(' and ')} that this needs`,
    );
  }

  /** As whom a request comes; null for nobody. Throws nothing. */
  whoIs(req: RequestSource): Access | null {
    try {
      return this.#knownAccessOf(req, this.#addresses.of(req));
    } catch {
      return null;
    }
  }

  /** What the key of a token gives. Throws UNAUTHENTICATED, and RATE_LIMITED for one wrong token too many. */
  accessWithToken(token: string, req: RequestSource): Access {
    try {
      return this.accessWith(this.#ring.withToken(token));
    } catch (error) {
      throw this.#wrongKeys.counted(error, this.#addresses.of(req));
    }
  }

  /** What a key gives. */
  accessWith(key: StoredKey): Access {
    const known = this.#accesses.get(key);
    if (known) return known;
    const seesPayloads = !this.#options.hidePayloads || key.scopes.includes('admin');
    const access = { name: key.name, key, scopes: key.scopes, seesPayloads, endsAt: key.expiresAt };
    this.#accesses.set(key, access);
    return access;
  }

  #knownAccessOf(req: RequestSource, address: string | null): Access {
    if (this.#ring.isOpen) return this.#withoutKey(req);
    let access: Access | null;
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

  /** Null for who brings no key. */
  #accessOf(req: RequestSource): Access | null {
    const token = bearerToken(req);
    if (token !== undefined) return this.accessWith(this.#ring.withToken(token));
    // Pages of other origins that may ask bring a key of their own.
    const session = isOwnOrigin(req) ? sessionIn(req.headers.cookie) : undefined;
    if (!session) return null;
    // Who has not signed in learns nothing of a key by naming its id.
    const key = this.#ring.withId(session.keyId, (found) => this.#sessions.isOf(found, session));
    if (key && this.#clock.now() < session.expiresAt)
      return { ...this.accessWith(key), endsAt: session.expiresAt };
    throw new SpooliteError('UNAUTHENTICATED', 'The session is over: sign in again');
  }

  #withoutKey({ headers: { host } }: RequestSource): Access {
    if (host === undefined || isOwnName(host, this.#options.allowedHosts)) return this.#anonymous;
    throw new SpooliteError(
      'FORBIDDEN',
      'This server does not go by the name in the Host header: see --allowed-hosts',
    );
  }
}
