import { ANONYMOUS } from '../../domain/caller.js';
import type { Clock } from '../../domain/clock.js';
import { grants, type Scope } from '../../domain/scope.js';
import { SpooliteError } from '../../domain/spoolite-error.js';
import type { StoredKey } from '../../repositories/key-repository.js';
import type { Reply } from '../reply.js';
import { type Access, noteAccess } from './access.js';
import { bearerToken } from './bearer-token.js';
import { isOwnOrigin } from './is-own-origin.js';
import type { KeyRing } from './key-ring.js';
import { isOwnName } from './own-names.js';
import { refuseStrangers } from './refuse-strangers.js';
import type { RequestSource } from './request-source.js';
import { isSessionOf, type Session, sessionIn } from './session.js';

export interface GateOptions {
  /** Keep payloads and results from everybody but `admin`. */
  hidePayloads: boolean;
  /** Names, in lower case, that the server answers to without a key, besides its addresses. */
  allowedHosts: readonly string[];
  /** Origins whose pages may ask. */
  corsOrigins: readonly string[];
}

/** Lets in who may: every road asks it before anything else is looked at. */
export class Gate {
  readonly #ring: KeyRing;
  readonly #clock: Clock;
  readonly #options: GateOptions;
  readonly #nobody: Access;
  readonly #anonymous: Access;
  readonly #accesses = new WeakMap<StoredKey, Access>();

  constructor(ring: KeyRing, clock: Clock, options: GateOptions) {
    this.#ring = ring;
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
   * Lets the request in that `res` answers, if it may do what needs all these scopes; none is for everybody. Throws
   * UNAUTHENTICATED and FORBIDDEN, before anything is known of what is asked for.
   */
  admit(req: RequestSource, res: Reply, needed: readonly Scope[]): void {
    refuseStrangers(req, this.#options.corsOrigins);
    const access = needed.length === 0 ? this.#nobody : this.#accessOf(req);
    if (!grants(access.scopes, needed)) {
      throw new SpooliteError(
        'FORBIDDEN',
        `The key "${access.name}" has not the scope ${needed.join(' and ')} that this needs`,
      );
    }
    noteAccess(res, access);
  }

  /** As whom a request comes; null for nobody. Throws nothing. */
  whoIs(req: RequestSource): Access | null {
    try {
      return this.#accessOf(req);
    } catch {
      return null;
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

  #accessOf(req: RequestSource): Access {
    if (this.#ring.isOpen) return this.#withoutKey(req);
    const token = bearerToken(req);
    if (token !== undefined) return this.accessWith(this.#ring.withToken(token));
    // Pages of other origins that may ask bring a key of their own.
    const session = isOwnOrigin(req) ? sessionIn(req.headers.cookie) : undefined;
    if (!session) {
      throw new SpooliteError(
        'UNAUTHENTICATED',
        'A key is needed: send it with the header "Authorization: Bearer <key>"',
      );
    }
    return this.#ofSession(session);
  }

  #ofSession(session: Session): Access {
    const key = this.#ring.withId(session.keyId);
    if (isSessionOf(key, session, this.#clock.now()))
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
