import { Chalk } from 'chalk';
import type { ApiKey } from '../../../domain/api-key.js';
import { formatInstant } from '../../../domain/instant.js';

const NONE =
  'No keys: anyone who can reach the server may do everything. Make one with: npx spoolite keys create --name ci --scopes enqueue,read';

const instant = (at: number | null): string | null => (at === null ? null : formatInstant(at));

function stateOf({ revokedAt, expiresAt }: ApiKey): 'revoked' | 'expired' | 'good' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= Date.now() ? 'expired' : 'good';
}

const resource = (key: ApiKey) => ({
  name: key.name,
  state: stateOf(key),
  scopes: key.scopes,
  created_at_utc: instant(key.createdAt),
  expires_at_utc: instant(key.expiresAt),
  revoked_at_utc: instant(key.revokedAt),
  last_used_at_utc: instant(key.lastUsedAt),
});

/** The keys as JSON, a line each, or as a table for people. */
export async function keyLines(keys: readonly ApiKey[], { json }: { json: boolean }): Promise<string> {
  if (json) return `[${keys.map((key) => JSON.stringify(resource(key))).join(',\n ')}]`;
  if (keys.length === 0) return NONE;
  const { table } = await import('../../tasks/table.js');
  const rows = keys.map((key) => [
    key.name,
    stateOf(key),
    key.scopes.join(','),
    instant(key.createdAt) ?? '',
    instant(key.expiresAt) ?? 'never',
    instant(key.lastUsedAt) ?? 'never',
  ]);
  const head = ['NAME', 'STATE', 'SCOPES', 'CREATED', 'EXPIRES', 'LAST USED'];
  return table({ head, rows, columns: process.stdout.columns ?? 160, paint: new Chalk({ level: 0 }) });
}
