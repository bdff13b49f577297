import type { Scope } from '../../domain/scope.js';
import type { StoredKey } from '../../repositories/key-repository.js';
import type { Reply } from '../reply.js';

/** As whom a request was let in. */
export interface Access {
  /** The key's name, or `anonymous`. */
  name: string;
  /** Null for who came without. */
  key: StoredKey | null;
  scopes: readonly Scope[];
  /** Whether payloads and results may be shown. */
  seesPayloads: boolean;
  /** When it is over, in milliseconds since 1970 UTC, unless the key is revoked or rotated before; null is never. */
  endsAt: number | null;
}

const ACCESS = Symbol('access');

const ADDRESS = Symbol('address');

type WithAccess = { [ACCESS]?: Access; [ADDRESS]?: string | null };

/** Notes as whom the request was let in that `res` answers, and from where it came. */
export function noteAccess(res: Reply, access: Access, address: string | null): void {
  (res as WithAccess)[ACCESS] = access;
  (res as WithAccess)[ADDRESS] = address;
}

/** As whom the request was let in that `res` answers. */
export function accessOf(res: Reply): Access {
  const access = (res as WithAccess)[ACCESS];
  if (!access) throw new Error('Nobody was let in');
  return access;
}

/** From where the request came that `res` answers: behind a trusted proxy the client's own address. Null once it hung up. */
export const addressOf = (res: Reply): string | null => (res as WithAccess)[ADDRESS] ?? null;
