import { ERROR_CODES, type ErrorCode } from '../../domain/spoolite-error.js';
import type { Route } from '../route.js';

const BODY: readonly ErrorCode[] = ['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];
/** Whatever asks for a key reads the keys, and those are in the database too. */
const KEYED: readonly ErrorCode[] = ['UNAUTHENTICATED', 'STORAGE_BUSY', 'NOT_READY'];

/** Every error that a route can answer: those of its kind, and its own. In the order of the list of codes. */
export function routeErrors({ method, path, scopes, budget, schemas, docs }: Route): ErrorCode[] {
  const codes = new Set<ErrorCode>([
    ...(scopes.length > 0 ? KEYED : []),
    'FORBIDDEN',
    ...(schemas ? (['VALIDATION_FAILED'] as const) : []),
    ...(schemas?.body ? BODY : []),
    // A segment that is not validly encoded is no route.
    ...(path.includes(':task_id') ? (['TASK_NOT_FOUND', 'ROUTE_NOT_FOUND'] as const) : []),
    ...(method === 'post' && scopes.length > 0 ? (['STORAGE_FULL'] as const) : []),
    // Who brings wrong keys is refused where nothing is counted, too.
    ...(budget !== 'none' || scopes.length > 0 ? (['RATE_LIMITED'] as const) : []),
    ...(docs.errors ?? []),
    'INTERNAL_ERROR',
  ]);
  return ERROR_CODES.filter((code) => codes.has(code));
}
